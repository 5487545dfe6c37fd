namespace TorchSharp.Modules;

/// <summary>rate exp(-rate x)</summary>
public class Exponential : torch.distributions.ExponentialFamily
{
    private torch.Tensor _rate = null!;

    public Exponential(torch.Tensor rate, torch.Generator? generator = null) : base(generator) => Set(rate);

    private Exponential Set(torch.Tensor rate)
    {
        _rate = Keep(rate);
        _init(_rate.shape);
        return this;
    }

    public override torch.Tensor mean => _rate.reciprocal();
    public override torch.Tensor mode => torch.zeros_like(_rate);
    public override torch.Tensor stddev => _rate.reciprocal();
    public override torch.Tensor variance => _rate.pow(-2);

    protected override IList<torch.Tensor> NaturalParams => [-_rate];
    protected override torch.Tensor MeanCarrierMeasure => torch.zeros_like(_rate);
    protected override torch.Tensor LogNormalizer(params torch.Tensor[] parameters) => -(-parameters[0]).log();

    public override torch.Tensor rsample(params long[] sample_shape) => torch.WrappedTensorDisposeScope(() =>
        _rate.new_empty(ExtendedShape(sample_shape)).exponential_(generator: generator) / _rate);

    public override torch.Tensor log_prob(torch.Tensor value) =>
        torch.WrappedTensorDisposeScope(() => _rate.log() - _rate * value);

    public override torch.Tensor cdf(torch.Tensor value) => torch.WrappedTensorDisposeScope(() => -(-_rate * value).expm1());

    public override torch.Tensor icdf(torch.Tensor value) => torch.WrappedTensorDisposeScope(() => -(-value).log1p() / _rate);

    public override torch.Tensor entropy() => torch.WrappedTensorDisposeScope(() => 1 - _rate.log());

    public override torch.distributions.Distribution expand(torch.Size batch_shape,
        torch.distributions.Distribution? instance = null)
    {
        using var scope = torch.NewDisposeScope();
        var a = _rate.expand(batch_shape);
        return Target<Exponential>(instance)?.Set(a) ?? new Exponential(a, generator);
    }
}
