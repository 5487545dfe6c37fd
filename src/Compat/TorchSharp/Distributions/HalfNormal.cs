namespace TorchSharp.Modules;

/// <summary>The absolute value of a normal variable: 2 exp(-(x / scale)^2 / 2) / (scale sqrt(2 pi)) from 0</summary>
public class HalfNormal : torch.distributions.Distribution
{
    private torch.Tensor _scale = null!;

    public HalfNormal(torch.Tensor scale, torch.Generator? generator = null) : base(generator) => Set(scale);

    private HalfNormal Set(torch.Tensor scale)
    {
        _scale = Keep(scale);
        _init(_scale.shape);
        return this;
    }

    public override torch.Tensor mean => torch.WrappedTensorDisposeScope(() => _scale * Math.Sqrt(2 / Math.PI));
    public override torch.Tensor mode => torch.zeros_like(_scale);
    public override torch.Tensor variance => torch.WrappedTensorDisposeScope(() => _scale.pow(2) * (1 - 2 / Math.PI));

    public override torch.Tensor rsample(params long[] sample_shape) => torch.WrappedTensorDisposeScope(() =>
        (_scale.new_empty(ExtendedShape(sample_shape)).normal_(generator: generator) * _scale).abs());

    public override torch.Tensor log_prob(torch.Tensor value) =>
        torch.WrappedTensorDisposeScope(() => torch.where(value.ge(0), -value.pow(2) / (2 * _scale.pow(2)) - _scale.log()
        + 0.5 * Math.Log(2 / Math.PI), double.NegativeInfinity));

    public override torch.Tensor cdf(torch.Tensor value) =>
        torch.WrappedTensorDisposeScope(() => (value / _scale / Math.Sqrt(2)).erf());

    public override torch.Tensor icdf(torch.Tensor value) =>
        torch.WrappedTensorDisposeScope(() => _scale * value.erfinv() * Math.Sqrt(2));

    public override torch.Tensor entropy() => torch.WrappedTensorDisposeScope(() =>
        0.5 * Math.Log(Math.PI / 2) + 0.5 + _scale.log());

    public override torch.distributions.Distribution expand(torch.Size batch_shape,
        torch.distributions.Distribution? instance = null)
    {
        using var scope = torch.NewDisposeScope();
        var a = _scale.expand(batch_shape);
        return Target<HalfNormal>(instance)?.Set(a) ?? new HalfNormal(a, generator);
    }
}
