namespace TorchSharp.Modules;

/// <summary>x^(a - 1) (1 - x)^(b - 1) / B(a, b) from 0 to 1, a = concentration1, b = concentration0</summary>
public class Beta : torch.distributions.ExponentialFamily
{
    protected Dirichlet dirichlet = null!;

    private torch.Tensor _a = null!;
    private torch.Tensor _b = null!;

    public Beta(torch.Tensor concentration1, torch.Tensor concentration0, torch.Generator? generator = null) : base(generator) =>
        Set(concentration1, concentration0);

    private Beta Set(torch.Tensor concentration1, torch.Tensor concentration0)
    {
        using var scope = torch.NewDisposeScope();
        var kept = KeepBroadcast(concentration1, concentration0);
        (_a, _b) = (kept[0], kept[1]);
        dirichlet?.Dispose();
        dirichlet = new Dirichlet(torch.stack([_a, _b], -1), generator);
        _init(_a.shape);
        return this;
    }

    public override torch.Tensor mean => torch.WrappedTensorDisposeScope(() => _a / (_a + _b));
    public override torch.Tensor mode => torch.WrappedTensorDisposeScope(() => dirichlet.mode.select(-1, 0));
    public override torch.Tensor variance => torch.WrappedTensorDisposeScope(() => _a * _b / ((_a + _b).pow(2) * (_a + _b + 1)));

    protected override IList<torch.Tensor> NaturalParams => [_a.alias(), _b.alias()];
    protected override torch.Tensor MeanCarrierMeasure => torch.zeros_like(_a);
    protected override torch.Tensor LogNormalizer(params torch.Tensor[] parameters) =>
        parameters[0].lgamma() + parameters[1].lgamma() - (parameters[0] + parameters[1]).lgamma();

    public override torch.Tensor rsample(params long[] sample_shape) =>
        torch.WrappedTensorDisposeScope(() => dirichlet.rsample(sample_shape).select(-1, 0));

    public override torch.Tensor log_prob(torch.Tensor value) => torch.WrappedTensorDisposeScope(() =>
        (_a - 1) * value.log() + (_b - 1) * (-value).log1p() + (_a + _b).lgamma() - _a.lgamma() - _b.lgamma());

    public override torch.Tensor entropy() => dirichlet.entropy();

    public override torch.distributions.Distribution expand(torch.Size batch_shape,
        torch.distributions.Distribution? instance = null)
    {
        using var scope = torch.NewDisposeScope();
        var (a, b) = (_a.expand(batch_shape), _b.expand(batch_shape));
        return Target<Beta>(instance)?.Set(a, b) ?? new Beta(a, b, generator);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) dirichlet.Dispose();
        base.Dispose(disposing);
    }
}
