using TorchSharp.Native;

namespace TorchSharp.Modules;

/// <summary>prod_k x_k^(a_k - 1) / B(a) over the simplex; concentration a [..., K]</summary>
public class Dirichlet : torch.distributions.ExponentialFamily
{
    private torch.Tensor _concentration = null!;

    public Dirichlet(torch.Tensor concentration, torch.Generator? generator = null) : base(generator) => Set(concentration);

    private Dirichlet Set(torch.Tensor concentration)
    {
        _concentration = Keep(concentration);
        _init(new torch.Size(concentration.shape[..^1]), new torch.Size(concentration.shape[^1]));
        return this;
    }

    public override torch.Tensor mean => torch.WrappedTensorDisposeScope(() => _concentration / _concentration.sum(-1, true));
    public override torch.Tensor mode => torch.WrappedTensorDisposeScope(() =>
    {
        var above = (_concentration - 1).clamp(min: 0);
        var total = above.sum(-1, true);
        // All concentrations below 1: the density grows without bound towards the corners.
        var corner = torch.nn.functional.one_hot(_concentration.argmax(-1), _concentration.shape[^1]).to(above.dtype);
        return torch.where(total > 0, above / total, corner);
    });
    public override torch.Tensor variance => torch.WrappedTensorDisposeScope(() =>
    {
        var total = _concentration.sum(-1, true);
        return _concentration * (total - _concentration) / (total.pow(2) * (total + 1));
    });

    protected override IList<torch.Tensor> NaturalParams => [_concentration];
    protected override torch.Tensor MeanCarrierMeasure => torch.zeros_like(_concentration);
    protected override torch.Tensor LogNormalizer(params torch.Tensor[] parameters) =>
        parameters[0].lgamma().sum(-1) - parameters[0].sum(-1).lgamma();

    /// <summary>Gradients reach the concentration through the derivative of the sample that libtorch knows.</summary>
    public override torch.Tensor rsample(params long[] sample_shape) => torch.WrappedTensorDisposeScope(() =>
    {
        var gammas = Aten.StandardGamma.Run(_concentration.expand(ExtendedShape(sample_shape)), generator);
        return gammas / gammas.sum(-1, true).clamp(min: torch.finfo(gammas.dtype).tiny);
    });

    public override torch.Tensor log_prob(torch.Tensor value) => torch.WrappedTensorDisposeScope(() =>
        (value.log() * (_concentration - 1)).sum(-1) + _concentration.sum(-1).lgamma() - _concentration.lgamma().sum(-1));

    public override torch.Tensor entropy() => torch.WrappedTensorDisposeScope(() =>
    {
        var total = _concentration.sum(-1);
        return _concentration.lgamma().sum(-1) - total.lgamma() - (_concentration.size(-1) - total) * total.digamma()
            - ((_concentration - 1) * _concentration.digamma()).sum(-1);
    });

    public override torch.distributions.Distribution expand(torch.Size batch_shape,
        torch.distributions.Distribution? instance = null)
    {
        using var scope = torch.NewDisposeScope();
        var a = _concentration.expand([.. batch_shape.Shape, .. event_shape.Shape]);
        return Target<Dirichlet>(instance)?.Set(a) ?? new Dirichlet(a, generator);
    }
}
