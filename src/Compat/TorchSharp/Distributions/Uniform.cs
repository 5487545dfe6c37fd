namespace TorchSharp.Modules;

/// <summary>1 / (high - low) from low up to high</summary>
public class Uniform : torch.distributions.Distribution
{
    private torch.Tensor _low = null!;
    private torch.Tensor _high = null!;

    public Uniform(torch.Tensor low, torch.Tensor high, torch.Generator? generator = null) : base(generator) => Set(low, high);

    private Uniform Set(torch.Tensor low, torch.Tensor high)
    {
        var kept = KeepBroadcast(low, high);
        (_low, _high) = (kept[0], kept[1]);
        _init(_low.shape);
        return this;
    }

    public override torch.Tensor mean => torch.WrappedTensorDisposeScope(() => (_high + _low) / 2);
    public override torch.Tensor mode => _low.full_like(double.NaN);
    public override torch.Tensor variance => torch.WrappedTensorDisposeScope(() => (_high - _low).pow(2) / 12);

    /// <summary>Gradients reach both bounds, by sample too.</summary>
    public override torch.Tensor rsample(params long[] sample_shape) => torch.WrappedTensorDisposeScope(() =>
        _low + torch.rand(ExtendedShape(sample_shape), _low.dtype, _low.device, generator: generator) * (_high - _low));

    /// <summary>-Infinity outside.</summary>
    public override torch.Tensor log_prob(torch.Tensor value) => torch.WrappedTensorDisposeScope(() =>
    {
        var inside = _low.le(value).to(_low.dtype) * _high.gt(value).to(_low.dtype);
        return inside.log() - (_high - _low).log();
    });

    public override torch.Tensor cdf(torch.Tensor value) =>
        torch.WrappedTensorDisposeScope(() => ((value - _low) / (_high - _low)).clamp(0, 1));

    public override torch.Tensor icdf(torch.Tensor value) => torch.WrappedTensorDisposeScope(() => value * (_high - _low) + _low);

    public override torch.Tensor entropy() => torch.WrappedTensorDisposeScope(() => (_high - _low).log());

    public override torch.distributions.Distribution expand(torch.Size batch_shape,
        torch.distributions.Distribution? instance = null)
    {
        using var scope = torch.NewDisposeScope();
        var (a, b) = (_low.expand(batch_shape), _high.expand(batch_shape));
        return Target<Uniform>(instance)?.Set(a, b) ?? new Uniform(a, b, generator);
    }
}
