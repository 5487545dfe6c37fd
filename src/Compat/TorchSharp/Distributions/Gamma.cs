using TorchSharp.Native;

namespace TorchSharp.Modules;

/// <summary>rate^a x^(a - 1) exp(-rate x) / Gamma(a), a the concentration</summary>
public class Gamma : torch.distributions.ExponentialFamily
{
    private torch.Tensor _concentration = null!;
    private torch.Tensor _rate = null!;

    public Gamma(torch.Tensor concentration, torch.Tensor rate, torch.Generator? generator = null) : base(generator) =>
        Set(concentration, rate);

    private Gamma Set(torch.Tensor concentration, torch.Tensor rate)
    {
        var kept = KeepBroadcast(concentration, rate);
        (_concentration, _rate) = (kept[0], kept[1]);
        _init(_concentration.shape);
        return this;
    }

    public override torch.Tensor mean => _concentration / _rate;
    public override torch.Tensor mode => torch.WrappedTensorDisposeScope(() => ((_concentration - 1) / _rate).clamp(min: 0));
    public override torch.Tensor variance => torch.WrappedTensorDisposeScope(() => _concentration / _rate.pow(2));

    protected override IList<torch.Tensor> NaturalParams => [_concentration - 1, -_rate];
    protected override torch.Tensor MeanCarrierMeasure => torch.zeros_like(_rate);
    protected override torch.Tensor LogNormalizer(params torch.Tensor[] parameters) =>
        (parameters[0] + 1).lgamma() - (parameters[0] + 1) * (-parameters[1]).log();

    public override torch.Tensor rsample(params long[] sample_shape) => torch.WrappedTensorDisposeScope(() =>
    {
        var shape = ExtendedShape(sample_shape);
        var value = Aten.StandardGamma.Run(_concentration.expand(shape), generator) / _rate.expand(shape);
        // Not 0, where the logarithm of the density is infinite.
        using (new NoGrad()) value.detach().clamp_(min: torch.finfo(value.dtype).tiny);
        return value;
    });

    public override torch.Tensor log_prob(torch.Tensor value) => torch.WrappedTensorDisposeScope(() =>
        _concentration * _rate.log() + (_concentration - 1) * value.log() - _rate * value - _concentration.lgamma());

    public override torch.Tensor entropy() => torch.WrappedTensorDisposeScope(() =>
        _concentration - _rate.log() + _concentration.lgamma() + (1 - _concentration) * _concentration.digamma());

    public override torch.distributions.Distribution expand(torch.Size batch_shape,
        torch.distributions.Distribution? instance = null)
    {
        using var scope = torch.NewDisposeScope();
        var (a, b) = (_concentration.expand(batch_shape), _rate.expand(batch_shape));
        return Target<Gamma>(instance)?.Set(a, b) ?? new Gamma(a, b, generator);
    }
}
