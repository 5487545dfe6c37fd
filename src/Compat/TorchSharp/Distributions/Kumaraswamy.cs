namespace TorchSharp.Modules;

/// <summary>a b x^(a - 1) (1 - x^a)^(b - 1) from 0 to 1, a = concentration1, b = concentration0</summary>
public class Kumaraswamy : torch.distributions.Distribution
{
    private torch.Tensor _a = null!;
    private torch.Tensor _b = null!;

    public Kumaraswamy(torch.Tensor concentration1, torch.Tensor concentration0, torch.Generator? generator = null)
        : base(generator) => Set(concentration1, concentration0);

    private Kumaraswamy Set(torch.Tensor concentration1, torch.Tensor concentration0)
    {
        var kept = KeepBroadcast(concentration1, concentration0);
        (_a, _b) = (kept[0], kept[1]);
        _init(_a.shape);
        return this;
    }

    private static torch.Tensor Moment(torch.Tensor a, torch.Tensor b, int n)
    {
        var first = 1 + n / a;
        return (b.log() + first.lgamma() + b.lgamma() - (first + b).lgamma()).exp();
    }

    public override torch.Tensor mean => torch.WrappedTensorDisposeScope(() => Moment(_a, _b, 1));

    /// <summary>NaN where a concentration is below 1.</summary>
    public override torch.Tensor mode => torch.WrappedTensorDisposeScope(() =>
    {
        var mode = ((_a - 1) / (_a * _b - 1)).pow(_a.reciprocal());
        return torch.where((_a < 1).logical_or(_b < 1), double.NaN, mode);
    });
    public override torch.Tensor variance => torch.WrappedTensorDisposeScope(() => Moment(_a, _b, 2) - Moment(_a, _b, 1).pow(2));

    public override torch.Tensor rsample(params long[] sample_shape) => torch.WrappedTensorDisposeScope(() =>
    {
        var f = torch.finfo(_a.dtype);
        return icdf(_a.new_empty(ExtendedShape(sample_shape)).uniform_(f.tiny, 1 - f.eps, generator));
    });

    public override torch.Tensor log_prob(torch.Tensor value) =>
        torch.WrappedTensorDisposeScope(() => _a.log() + _b.log() + (_a - 1) * value.log() + (_b - 1) * (-value.pow(_a)).log1p());

    public override torch.Tensor cdf(torch.Tensor value) =>
        torch.WrappedTensorDisposeScope(() => 1 - (1 - value.pow(_a)).pow(_b));

    public override torch.Tensor icdf(torch.Tensor value) =>
        torch.WrappedTensorDisposeScope(() => (1 - (1 - value).pow(_b.reciprocal())).pow(_a.reciprocal()));

    public override torch.Tensor entropy() => torch.WrappedTensorDisposeScope(() =>
        1 - _b.reciprocal() + (1 - _a.reciprocal()) * ((_b + 1).digamma() + euler_constant) - _a.log() - _b.log());

    public override torch.distributions.Distribution expand(torch.Size batch_shape,
        torch.distributions.Distribution? instance = null)
    {
        using var scope = torch.NewDisposeScope();
        var (a, b) = (_a.expand(batch_shape), _b.expand(batch_shape));
        return Target<Kumaraswamy>(instance)?.Set(a, b) ?? new Kumaraswamy(a, b, generator);
    }
}
