namespace TorchSharp.Modules;

/// <summary>exp(-|x - loc| / scale) / (2 scale)</summary>
public class Laplace : torch.distributions.Distribution
{
    private torch.Tensor _loc = null!;
    private torch.Tensor _scale = null!;

    public Laplace(torch.Tensor loc, torch.Tensor scale, torch.Generator? generator = null) : base(generator) => Set(loc, scale);

    private Laplace Set(torch.Tensor loc, torch.Tensor scale)
    {
        var kept = KeepBroadcast(loc, scale);
        (_loc, _scale) = (kept[0], kept[1]);
        _init(_loc.shape);
        return this;
    }

    public override torch.Tensor mean => _loc.alias();
    public override torch.Tensor mode => _loc.alias();
    public override torch.Tensor variance => torch.WrappedTensorDisposeScope(() => 2 * _scale.pow(2));
    public override torch.Tensor stddev => torch.WrappedTensorDisposeScope(() => Math.Sqrt(2) * _scale);

    public override torch.Tensor rsample(params long[] sample_shape) => torch.WrappedTensorDisposeScope(() =>
    {
        // -1 itself would give an infinite sample.
        var u = _loc.new_empty(ExtendedShape(sample_shape)).uniform_(torch.finfo(_loc.dtype).eps - 1, 1, generator);
        return _loc - _scale * u.sign() * (-u.abs()).log1p();
    });

    public override torch.Tensor log_prob(torch.Tensor value) =>
        torch.WrappedTensorDisposeScope(() => -(2 * _scale).log() - (value - _loc).abs() / _scale);

    public override torch.Tensor cdf(torch.Tensor value) =>
        torch.WrappedTensorDisposeScope(() => 0.5 - 0.5 * (value - _loc).sign() * (-(value - _loc).abs() / _scale).expm1());

    public override torch.Tensor icdf(torch.Tensor value) =>
        torch.WrappedTensorDisposeScope(() => _loc - _scale * (value - 0.5).sign() * (-2 * (value - 0.5).abs()).log1p());

    public override torch.Tensor entropy() => torch.WrappedTensorDisposeScope(() => 1 + (2 * _scale).log());

    public override torch.distributions.Distribution expand(torch.Size batch_shape,
        torch.distributions.Distribution? instance = null)
    {
        using var scope = torch.NewDisposeScope();
        var (a, b) = (_loc.expand(batch_shape), _scale.expand(batch_shape));
        return Target<Laplace>(instance)?.Set(a, b) ?? new Laplace(a, b, generator);
    }
}
