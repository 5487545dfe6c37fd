namespace TorchSharp.Modules;

/// <summary>The limit of the largest of many: P(X at most x) = exp(-exp(-(x - loc) / scale))</summary>
public class Gumbel : torch.distributions.Distribution
{
    private torch.Tensor _loc = null!;
    private torch.Tensor _scale = null!;

    public Gumbel(torch.Tensor loc, torch.Tensor scale, torch.Generator? generator = null) : base(generator) => Set(loc, scale);

    private Gumbel Set(torch.Tensor loc, torch.Tensor scale)
    {
        var kept = KeepBroadcast(loc, scale);
        (_loc, _scale) = (kept[0], kept[1]);
        _init(_loc.shape);
        return this;
    }

    public override torch.Tensor mean => torch.WrappedTensorDisposeScope(() => _loc + _scale * euler_constant);
    public override torch.Tensor mode => _loc.alias();
    public override torch.Tensor stddev => torch.WrappedTensorDisposeScope(() => Math.PI / Math.Sqrt(6) * _scale);
    public override torch.Tensor variance => torch.WrappedTensorDisposeScope(() => (Math.PI / Math.Sqrt(6) * _scale).pow(2));

    public override torch.Tensor rsample(params long[] sample_shape) => torch.WrappedTensorDisposeScope(() =>
    {
        var f = torch.finfo(_loc.dtype);
        return icdf(_loc.new_empty(ExtendedShape(sample_shape)).uniform_(f.tiny, 1 - f.eps, generator));
    });

    public override torch.Tensor log_prob(torch.Tensor value) =>
        torch.WrappedTensorDisposeScope(() => (_loc - value) / _scale - ((_loc - value) / _scale).exp() - _scale.log());

    public override torch.Tensor cdf(torch.Tensor value) =>
        torch.WrappedTensorDisposeScope(() => (-((_loc - value) / _scale).exp()).exp());

    public override torch.Tensor icdf(torch.Tensor value) =>
        torch.WrappedTensorDisposeScope(() => _loc - _scale * (-value.log()).log());

    public override torch.Tensor entropy() => torch.WrappedTensorDisposeScope(() => _scale.log() + (1 + euler_constant));

    public override torch.distributions.Distribution expand(torch.Size batch_shape,
        torch.distributions.Distribution? instance = null)
    {
        using var scope = torch.NewDisposeScope();
        var (a, b) = (_loc.expand(batch_shape), _scale.expand(batch_shape));
        return Target<Gumbel>(instance)?.Set(a, b) ?? new Gumbel(a, b, generator);
    }
}
