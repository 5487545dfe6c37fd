namespace TorchSharp.Modules;

/// <summary>1 / (pi scale (1 + ((x - loc) / scale)^2)); it has no mean</summary>
public class Cauchy : torch.distributions.Distribution
{
    private torch.Tensor _loc = null!;
    private torch.Tensor _scale = null!;

    public Cauchy(torch.Tensor loc, torch.Tensor scale, torch.Generator? generator = null) : base(generator) => Set(loc, scale);

    private Cauchy Set(torch.Tensor loc, torch.Tensor scale)
    {
        var kept = KeepBroadcast(loc, scale);
        (_loc, _scale) = (kept[0], kept[1]);
        _init(_loc.shape);
        return this;
    }

    public override torch.Tensor mean => _loc.full_like(double.NaN);
    public override torch.Tensor mode => _loc.alias();
    public override torch.Tensor variance => _loc.full_like(double.PositiveInfinity);

    public override torch.Tensor rsample(params long[] sample_shape) => torch.WrappedTensorDisposeScope(() =>
        _loc + _loc.new_empty(ExtendedShape(sample_shape)).cauchy_(generator: generator) * _scale);

    public override torch.Tensor log_prob(torch.Tensor value) =>
        torch.WrappedTensorDisposeScope(() => -Math.Log(Math.PI) - _scale.log() - ((value - _loc) / _scale).pow(2).log1p());

    public override torch.Tensor cdf(torch.Tensor value) =>
        torch.WrappedTensorDisposeScope(() => ((value - _loc) / _scale).atan() / Math.PI + 0.5);

    public override torch.Tensor icdf(torch.Tensor value) =>
        torch.WrappedTensorDisposeScope(() => (Math.PI * (value - 0.5)).tan() * _scale + _loc);

    public override torch.Tensor entropy() => torch.WrappedTensorDisposeScope(() => Math.Log(4 * Math.PI) + _scale.log());

    public override torch.distributions.Distribution expand(torch.Size batch_shape,
        torch.distributions.Distribution? instance = null)
    {
        using var scope = torch.NewDisposeScope();
        var (a, b) = (_loc.expand(batch_shape), _scale.expand(batch_shape));
        return Target<Cauchy>(instance)?.Set(a, b) ?? new Cauchy(a, b, generator);
    }
}
