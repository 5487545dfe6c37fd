namespace TorchSharp.Modules;

/// <summary>The last batch dimensions of a distribution as dimensions of the event: log_prob sums over them.</summary>
public class Independent : torch.distributions.Distribution
{
    private torch.distributions.Distribution _base = null!;
    private int _dimensions;

    /// <exception cref="ArgumentException">The batch has fewer dimensions.</exception>
    public Independent(torch.distributions.Distribution base_distribution, int reinterpreted_batch_ndims,
        torch.Generator? generator = null)
        : base(generator) => Set(base_distribution, reinterpreted_batch_ndims);

    private Independent Set(torch.distributions.Distribution distribution, int dimensions)
    {
        var batch = distribution.batch_shape.Shape;
        if (dimensions < 0 || dimensions > batch.Length)
            throw new ArgumentException($"expected at most {batch.Length} dimensions of a batch [{string.Join(", ", batch)}] "
                + $"to reinterpret, got {dimensions}", nameof(dimensions));
        (_base, _dimensions) = (distribution, dimensions);
        _init(new torch.Size(batch[..^dimensions]), new torch.Size([.. batch[^dimensions..], .. distribution.event_shape.Shape]));
        return this;
    }

    public override torch.Tensor mean => _base.mean;
    public override torch.Tensor mode => _base.mode;
    public override torch.Tensor variance => _base.variance;

    public override torch.Tensor sample(params long[] sample_shape) => _base.sample(sample_shape);

    public override torch.Tensor rsample(params long[] sample_shape) => _base.rsample(sample_shape);

    private torch.Tensor SumOf(Func<torch.Tensor> terms) =>
        torch.WrappedTensorDisposeScope(() => torch.distributions.transforms.Transform._sum_rightmost(terms(), _dimensions));

    public override torch.Tensor log_prob(torch.Tensor value) => SumOf(() => _base.log_prob(value));

    public override torch.Tensor entropy() => SumOf(_base.entropy);

    public override torch.distributions.Distribution expand(torch.Size batch_shape,
        torch.distributions.Distribution? instance = null)
    {
        long[] inner = [.. batch_shape.Shape, .. event_shape.Shape[.._dimensions]];
        var expanded = _base.expand(new torch.Size(inner));
        return Target<Independent>(instance)?.Set(expanded, _dimensions) ?? new Independent(expanded, _dimensions, generator);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _base.Dispose();
        base.Dispose(disposing);
    }
}
