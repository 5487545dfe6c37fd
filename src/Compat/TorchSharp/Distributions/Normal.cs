namespace TorchSharp.Modules;

/// <summary>exp(-((x - loc) / scale)^2 / 2) / (scale sqrt(2 pi))</summary>
public class Normal : torch.distributions.Distribution
{
    private torch.Tensor _loc = null!;
    private torch.Tensor _scale = null!;

    public Normal(torch.Tensor loc, torch.Tensor scale, torch.Generator? generator = null) : base(generator) => Set(loc, scale);

    private Normal Set(torch.Tensor loc, torch.Tensor scale)
    {
        var kept = KeepBroadcast(loc, scale);
        (_loc, _scale) = (kept[0], kept[1]);
        _init(_loc.shape);
        return this;
    }

    public override torch.Tensor mean => _loc.alias();
    public override torch.Tensor mode => _loc.alias();
    public override torch.Tensor stddev => _scale.alias();
    public override torch.Tensor variance => _scale.pow(2);

    /// <summary>Without gradients.</summary>
    public override torch.Tensor sample(params long[] sample_shape)
    {
        using var off = new NoGrad();
        var shape = ExtendedShape(sample_shape);
        return torch.WrappedTensorDisposeScope(() => torch.normal(_loc.expand(shape), _scale.expand(shape), generator));
    }

    public override torch.Tensor rsample(params long[] sample_shape) => torch.WrappedTensorDisposeScope(() =>
        _loc + _loc.new_empty(ExtendedShape(sample_shape)).normal_(generator: generator) * _scale);

    public override torch.Tensor log_prob(torch.Tensor value) => torch.WrappedTensorDisposeScope(() =>
        -(value - _loc).pow(2) / (2 * _scale.pow(2)) - _scale.log() - 0.5 * Math.Log(2 * Math.PI));

    public override torch.Tensor cdf(torch.Tensor value) =>
        torch.WrappedTensorDisposeScope(() => 0.5 * (1 + ((value - _loc) / _scale / Math.Sqrt(2)).erf()));

    public override torch.Tensor icdf(torch.Tensor value) =>
        torch.WrappedTensorDisposeScope(() => _loc + _scale * (2 * value - 1).erfinv() * Math.Sqrt(2));

    public override torch.Tensor entropy() => torch.WrappedTensorDisposeScope(() =>
        0.5 + 0.5 * Math.Log(2 * Math.PI) + _scale.log());

    public override torch.distributions.Distribution expand(torch.Size batch_shape,
        torch.distributions.Distribution? instance = null)
    {
        using var scope = torch.NewDisposeScope();
        var (a, b) = (_loc.expand(batch_shape), _scale.expand(batch_shape));
        return Target<Normal>(instance)?.Set(a, b) ?? new Normal(a, b, generator);
    }
}
