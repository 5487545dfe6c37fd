using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// Causal attention, then a perceptron for each token, both on normalised tokens and added to what they read: h + A(norm h), then
/// h + M(norm h), M(h) = W gelu(W h) four times as wide inside (Vaswani et al. 2017, arXiv:1706.03762; norms first, Xiong et al.
/// 2020, arXiv:2002.04745).
/// </summary>
public sealed class AttentionBlock : nn.Module<Tensor, Tensor>
{
    private const int Expansion = 4;

    private readonly LayerNorm beforeAttention;
    private readonly Linear queriesKeysValues;   // without biases: a key's would change nothing
    private readonly Linear joined;
    private readonly LayerNorm beforePerceptron;
    private readonly Linear wide;
    private readonly Linear narrow;

    /// <summary>Builds the layers; weights are drawn from torch's global generator.</summary>
    /// <param name="width">Numbers of a token.</param>
    /// <param name="heads">Heads, a divisor of the width.</param>
    /// <exception cref="ArgumentException">A number is below 1, or heads is no divisor of the width.</exception>
    public AttentionBlock(int width, int heads) : base(nameof(AttentionBlock))
    {
        Arguments.AtLeastOne(width);
        if (width % Arguments.AtLeastOne(heads) != 0)
            throw new ArgumentException($"The heads share the width of {width} equally, but there are {heads}.", nameof(heads));
        Heads = heads;
        using var scope = NewDisposeScope();
        beforeAttention = nn.LayerNorm(width);
        queriesKeysValues = nn.Linear(width, 3 * width, hasBias: false);
        joined = nn.Linear(width, width);
        beforePerceptron = nn.LayerNorm(width);
        wide = nn.Linear(width, Expansion * width);
        narrow = nn.Linear(Expansion * width, width);
        RegisterComponents();
        foreach (var module in modules()) module.OutliveScopes();
    }

    /// <summary>Heads of attention.</summary>
    public int Heads { get; }

    /// <summary>Every token from itself and those before it.</summary>
    /// <param name="h">[N, T, width].</param>
    /// <returns>[N, T, width].</returns>
    public override Tensor forward(Tensor h)
    {
        var (q, kv) = Read(h);
        return Joined(h, nn.functional.scaled_dot_product_attention(q, kv.Keys, kv.Values, is_casual: true));
    }

    /// <summary>The same for the token that comes next, [N, 1, width], given the keys and values of those before.</summary>
    internal (Tensor H, KeysAndValues Seen) Next(Tensor h, KeysAndValues? before)
    {
        var (q, kv) = Read(h);
        if (before is not null)
            kv = new(torch.cat([before.Keys, kv.Keys], 2), torch.cat([before.Values, kv.Values], 2));
        return (Joined(h, nn.functional.scaled_dot_product_attention(q, kv.Keys, kv.Values)), kv);
    }

    private (Tensor Queries, KeysAndValues KeysAndValues) Read(Tensor h)
    {
        // [N, heads, T, width / heads] each
        var parts = queriesKeysValues.call(beforeAttention.call(h))
            .view(h.size(0), h.size(1), 3, Heads, h.size(2) / Heads).permute(2, 0, 3, 1, 4).unbind(0);
        return (parts[0], new(parts[1], parts[2]));
    }

    private Tensor Joined(Tensor h, Tensor attended)
    {
        h = h + joined.call(attended.transpose(1, 2).reshape(h.shape));
        return h + narrow.call(wide.call(beforePerceptron.call(h)).gelu());
    }
}

/// <summary>Of the tokens so far, [N, heads, t, width / heads] each.</summary>
internal sealed record KeysAndValues(Tensor Keys, Tensor Values);
