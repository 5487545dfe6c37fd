namespace TorchSharp.Modules;

/// <summary>The exponential of a normal variable with the given location and scale</summary>
public class LogNormal : torch.distributions.Distribution
{
    private torch.Tensor _loc = null!;
    private torch.Tensor _scale = null!;

    public LogNormal(torch.Tensor loc, torch.Tensor scale, torch.Generator? generator = null) : base(generator) =>
        Set(loc, scale);

    private LogNormal Set(torch.Tensor loc, torch.Tensor scale)
    {
        var kept = KeepBroadcast(loc, scale);
        (_loc, _scale) = (kept[0], kept[1]);
        _init(_loc.shape);
        return this;
    }

    public override torch.Tensor mean => torch.WrappedTensorDisposeScope(() => (_loc + _scale.pow(2) / 2).exp());
    public override torch.Tensor mode => torch.WrappedTensorDisposeScope(() => (_loc - _scale.pow(2)).exp());
    public override torch.Tensor variance => torch.WrappedTensorDisposeScope(() =>
        _scale.pow(2).expm1() * (2 * _loc + _scale.pow(2)).exp());

    public override torch.Tensor rsample(params long[] sample_shape) => torch.WrappedTensorDisposeScope(() =>
        (_loc + _loc.new_empty(ExtendedShape(sample_shape)).normal_(generator: generator) * _scale).exp());

    public override torch.Tensor log_prob(torch.Tensor value) => torch.WrappedTensorDisposeScope(() =>
        -(value.log() - _loc).pow(2) / (2 * _scale.pow(2)) - _scale.log() - 0.5 * Math.Log(2 * Math.PI) - value.log());

    public override torch.Tensor cdf(torch.Tensor value) =>
        torch.WrappedTensorDisposeScope(() => 0.5 * (1 + ((value.log() - _loc) / _scale / Math.Sqrt(2)).erf()));

    public override torch.Tensor icdf(torch.Tensor value) =>
        torch.WrappedTensorDisposeScope(() => (_loc + _scale * (2 * value - 1).erfinv() * Math.Sqrt(2)).exp());

    public override torch.Tensor entropy() => torch.WrappedTensorDisposeScope(() =>
        0.5 + 0.5 * Math.Log(2 * Math.PI) + _scale.log() + _loc);

    public override torch.distributions.Distribution expand(torch.Size batch_shape,
        torch.distributions.Distribution? instance = null)
    {
        using var scope = torch.NewDisposeScope();
        var (a, b) = (_loc.expand(batch_shape), _scale.expand(batch_shape));
        return Target<LogNormal>(instance)?.Set(a, b) ?? new LogNormal(a, b, generator);
    }
}
