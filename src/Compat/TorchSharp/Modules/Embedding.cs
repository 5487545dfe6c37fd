using TorchSharp.Native;
using TorchSharp.Utils;

namespace TorchSharp.Modules;

/// <summary>Rows of a learned table: indices [...] -> [..., embedding_dims]; weight [num_embeddings, embedding_dims].</summary>
public sealed class Embedding : torch.nn.Module<torch.Tensor, torch.Tensor>
{
    private readonly long _padding;
    private readonly double? _max_norm;
    private readonly double _norm_type;
    private readonly bool _scale_grad_by_freq;
    private readonly bool _sparse;

    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    internal Embedding(long num_embeddings, long embedding_dims, long? padding_idx, double? max_norm, double norm_type,
        bool scale_grad_by_freq, bool sparse, torch.Device? device, torch.ScalarType? dtype) : base(nameof(Embedding))
    {
        if (padding_idx is { } p && (p < -num_embeddings || p >= num_embeddings))
            throw new ArgumentOutOfRangeException(nameof(padding_idx),
                $"expected a row from {-num_embeddings} to {num_embeddings - 1}, got {p}");
        _padding = padding_idx is null ? -1 : padding_idx.Value < 0 ? padding_idx.Value + num_embeddings : padding_idx.Value;
        (_max_norm, _norm_type, _scale_grad_by_freq, _sparse) = (max_norm, norm_type, scale_grad_by_freq, sparse);
        weight = NewParameter.Empty([num_embeddings, embedding_dims], device, dtype);
        torch.nn.init.normal_(weight);
        if (padding_idx is null) return;
        using var off = new NoGrad();
        using var row = weight.select(0, _padding);
        row.zero_();
    }

    public Parameter? weight
    {
        get => _weight;
        set
        {
            NewParameter.Replace(ref _weight, value);
            ConditionallyRegisterParameter(nameof(weight), value);
        }
    }

    public override torch.Tensor forward(torch.Tensor input)
    {
        if (_max_norm is { } max)
        {
            using var off = new NoGrad();
            using var dense = input.contiguous();
            Aten.EmbeddingRenorm_.RunInPlace(_weight, dense, max, _norm_type);
        }
        return Aten.Embedding.Run(_weight, input, _padding, _scale_grad_by_freq, _sparse);
    }
}
