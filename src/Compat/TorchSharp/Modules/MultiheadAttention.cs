using TorchSharp.Native;
using TorchSharp.Utils;

namespace TorchSharp.Modules;

/// <summary>
/// Attention in several heads (Vaswani et al. 2017, section 3.2.2): query [L, N, E], key [S, N, kdim], value [S, N, vdim] -> the
/// result [L, N, E] and the weights [N, L, S], the mean over the heads. True in a Bool mask [L, S] or key_padding_mask [N, S]
/// hides a key.
/// </summary>
public sealed class MultiheadAttention
    : torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor?, bool, torch.Tensor?, Tuple<torch.Tensor,
        torch.Tensor>>
{
    private readonly long _size;
    private readonly long _heads;
    private readonly double _dropout;
    private readonly bool _addZero;

    [ComponentName(Name = "in_proj_weight")] private readonly Parameter? _in;
    [ComponentName(Name = "q_proj_weight")] private readonly Parameter? _q;
    [ComponentName(Name = "k_proj_weight")] private readonly Parameter? _k;
    [ComponentName(Name = "v_proj_weight")] private readonly Parameter? _v;
    [ComponentName(Name = "in_proj_bias")] private readonly Parameter? _inBias;
    [ComponentName(Name = "bias_k")] private readonly Parameter? _biasK;
    [ComponentName(Name = "bias_v")] private readonly Parameter? _biasV;
    [ComponentName(Name = "out_proj")] private readonly Linear _out;

    internal MultiheadAttention(long embedded_dim, long num_heads, double dropout, bool bias, bool add_bias_kv,
        bool add_zero_attn, long kdim, long vdim)
        : base(nameof(MultiheadAttention))
    {
        if (num_heads < 1 || embedded_dim % num_heads != 0)
            throw new ArgumentException($"expected num_heads that divides embedded_dim, got {num_heads} for {embedded_dim}",
                nameof(num_heads));
        (_size, _heads, _dropout, _addZero) = (embedded_dim, num_heads, dropout, add_zero_attn);
        if (kdim == embedded_dim && vdim == embedded_dim) _in = Xavier(3 * embedded_dim, embedded_dim);
        else (_q, _k, _v) = (Xavier(embedded_dim, embedded_dim), Xavier(embedded_dim, kdim), Xavier(embedded_dim, vdim));
        if (bias) _inBias = NewParameter.Filled(0, [3 * embedded_dim], null, null);
        _out = new Linear(embedded_dim, embedded_dim, bias, null, null);
        if (bias) torch.nn.init.zeros_(_out.bias!);
        if (add_bias_kv)
        {
            _biasK = NewParameter.Empty([1, 1, embedded_dim], null, null);
            _biasV = NewParameter.Empty([1, 1, embedded_dim], null, null);
            torch.nn.init.xavier_normal_(_biasK);
            torch.nn.init.xavier_normal_(_biasV);
        }
        RegisterComponents();
    }

    private static Parameter Xavier(long rows, long columns)
    {
        var weight = NewParameter.Empty([rows, columns], null, null);
        torch.nn.init.xavier_uniform_(weight);
        return weight;
    }

    public new Tuple<torch.Tensor, torch.Tensor> call(torch.Tensor query, torch.Tensor key, torch.Tensor value,
        torch.Tensor? key_padding_mask = null, bool need_weights = true, torch.Tensor? attn_mask = null) =>
        base.call(query, key, value, key_padding_mask, need_weights, attn_mask);

    // One of the three projections; the weights and biases of all three may lie in one.
    private torch.Tensor Project(torch.Tensor x, int which, Parameter? own) => torch.nn.functional.linear(x,
        own ?? (torch.Tensor)_in!.narrow(0, which * _size, _size), _inBias?.narrow(0, which * _size, _size));

    // [length, N, E] -> [N, heads, length, E / heads]
    private torch.Tensor Split(torch.Tensor x) => x.reshape(x.shape[0], x.shape[1], _heads, _size / _heads).permute(1, 2, 0, 3);

    public override Tuple<torch.Tensor, torch.Tensor> forward(torch.Tensor query, torch.Tensor key, torch.Tensor value,
        torch.Tensor? key_padding_mask, bool need_weights, torch.Tensor? attn_mask)
    {
        if (query.ndim != 3 || query.shape[2] != _size)
            throw new ArgumentException($"expected a query [L, N, {_size}] for MultiheadAttention, got "
                + $"[{string.Join(", ", query.shape)}]", nameof(query));
        using var scope = torch.NewDisposeScope();
        var batch = query.shape[1];
        var (k, v) = (Project(key, 1, _k), Project(value, 2, _v));
        long added = 0;
        if (_biasK is not null)
        {
            k = torch.cat([k, _biasK.expand(1, batch, _size)]);
            v = torch.cat([v, _biasV!.expand(1, batch, _size)]);
            added++;
        }
        if (_addZero)
        {
            k = torch.cat([k, k.new_zeros(1, batch, _size)]);
            v = torch.cat([v, v.new_zeros(1, batch, _size)]);
            added++;
        }
        var scores = Split(Project(query, 0, _q)).matmul(Split(k).transpose(-2, -1)) / Math.Sqrt((double)_size / _heads);
        if (attn_mask is not null) scores = Masked(scores, attn_mask, added);
        if (key_padding_mask is not null) scores = Masked(scores, key_padding_mask.unsqueeze(1).unsqueeze(1), added);
        var weights = scores.softmax(-1);
        var heads = torch.nn.functional.dropout(weights, _dropout, training).matmul(Split(v));
        var result = _out.call(heads.permute(2, 0, 1, 3).reshape(query.shape[0], batch, _size)).MoveToOuterDisposeScope();
        return Tuple.Create(result, need_weights ? weights.mean([1]).MoveToOuterDisposeScope() : null!);
    }

    // The keys that the module adds itself are never hidden.
    private static torch.Tensor Masked(torch.Tensor scores, torch.Tensor mask, long added)
    {
        if (added > 0) mask = torch.nn.functional.pad(mask.dtype == torch.ScalarType.Bool ? mask.to(torch.ScalarType.Byte) : mask,
            [0, added]).to(mask.dtype);
        return mask.dtype == torch.ScalarType.Bool ? scores.masked_fill(mask, double.NegativeInfinity) : scores + mask;
    }
}
