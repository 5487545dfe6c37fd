namespace TorchSharp.Modules;

/// <summary>The distribution of a transformed variable: log p(y) = log p(x) - log |det dy/dx|.</summary>
public class TransformedDistribution : torch.distributions.Distribution
{
    protected torch.distributions.Distribution base_distribution = null!;

    private torch.distributions.transforms.Transform[] _transforms = [];

    public TransformedDistribution(torch.Generator? generator = null) : base(generator)
    {
    }

    public TransformedDistribution(torch.distributions.Distribution base_distribution,
        torch.distributions.transforms.Transform transform, torch.Generator? generator = null)
        : this(base_distribution, [transform], generator)
    {
    }

    public TransformedDistribution(torch.distributions.Distribution base_distribution,
        IEnumerable<torch.distributions.transforms.Transform> transforms, torch.Generator? generator = null) : base(generator) =>
        _init(base_distribution, [.. transforms]);

    protected void _init(torch.distributions.Distribution base_distribution,
        torch.distributions.transforms.Transform[] transforms)
    {
        _transforms = transforms;
        var all = new torch.distributions.transforms.ComposeTransform(transforms);
        var baseEvent = base_distribution.event_shape.Length;
        long[] baseShape = [.. base_distribution.batch_shape.Shape, .. base_distribution.event_shape.Shape];
        var (taken, given) = (all.domain.event_dim, all.codomain.event_dim);
        if (baseShape.Length < taken)
            throw new ArgumentException($"expected a base with at least {taken} dimensions for these transforms, got "
                + $"[{string.Join(", ", baseShape)}]", nameof(base_distribution));
        var shape = all.forward_shape(baseShape);
        var wanted = all.inverse_shape(shape);
        if (!wanted.AsSpan().SequenceEqual(baseShape))
            base_distribution = base_distribution.expand(new torch.Size(wanted[..^baseEvent]));
        if (taken > baseEvent) base_distribution = new Independent(base_distribution, taken - baseEvent);
        this.base_distribution = base_distribution;
        var cut = shape.Length - given - Math.Max(baseEvent - taken, 0);
        _init(new torch.Size(shape[..cut]), new torch.Size(shape[cut..]));
    }

    private NotSupportedException NoClosedForm(string what) => new($"{GetType().Name} has no {what} in closed form");

    /// <exception cref="NotSupportedException">Always: there is no closed form.</exception>
    public override torch.Tensor mean => throw NoClosedForm(nameof(mean));

    public override torch.Tensor mode => throw NoClosedForm(nameof(mode));
    public override torch.Tensor variance => throw NoClosedForm(nameof(variance));
    public override torch.Tensor stddev => throw NoClosedForm(nameof(stddev));
    public override torch.Tensor entropy() => throw NoClosedForm(nameof(entropy));

    public override torch.Tensor log_prob(torch.Tensor value) => torch.WrappedTensorDisposeScope(() =>
    {
        var dimensions = event_shape.Length;
        torch.Tensor sum = 0.0;
        var y = value;
        foreach (var transform in _transforms.Reverse())
        {
            var x = transform._inverse(y);
            dimensions += transform.domain.event_dim - transform.codomain.event_dim;
            sum = sum - torch.distributions.transforms.Transform._sum_rightmost(transform.log_abs_det_jacobian(x, y),
                dimensions - transform.domain.event_dim);
            y = x;
        }
        return sum + torch.distributions.transforms.Transform._sum_rightmost(base_distribution.log_prob(y),
            dimensions - base_distribution.event_shape.Length);
    });

    private torch.Tensor Pushed(Func<torch.Tensor> draw)
    {
        using var off = new NoGrad();
        return torch.WrappedTensorDisposeScope(() => _transforms.Aggregate(draw(), (x, transform) => transform.forward(x)));
    }

    public override torch.Tensor sample(params long[] sample_shape) => Pushed(() => base_distribution.sample(sample_shape));

    /// <summary>Without gradients.</summary>
    public override torch.Tensor rsample(params long[] sample_shape) => Pushed(() => base_distribution.rsample(sample_shape));

    public override torch.Tensor cdf(torch.Tensor value) => torch.WrappedTensorDisposeScope(() =>
        Monotone(base_distribution.cdf(_transforms.Reverse().Aggregate(value, (y, transform) => transform._inverse(y)))));

    public override torch.Tensor icdf(torch.Tensor value) => torch.WrappedTensorDisposeScope(() =>
        _transforms.Aggregate(base_distribution.icdf(Monotone(value)), (x, transform) => transform.forward(x)));

    // A map that falls turns P(X at most x) into P(Y at least y).
    private torch.Tensor Monotone(torch.Tensor probability)
    {
        torch.Tensor sign = 1;
        foreach (var transform in _transforms) sign = sign * transform.sign;
        return sign * (probability - 0.5) + 0.5;
    }

    public override torch.distributions.Distribution expand(torch.Size batch_shape,
        torch.distributions.Distribution? instance = null)
    {
        long[] shape = [.. batch_shape.Shape, .. event_shape.Shape];
        foreach (var transform in _transforms.Reverse()) shape = transform.inverse_shape(shape);
        var expanded = base_distribution.expand(new torch.Size(shape[..^base_distribution.event_shape.Length]));
        var target = Target<TransformedDistribution>(instance) ?? new TransformedDistribution(generator);
        target._init(expanded, _transforms);
        return target;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) base_distribution?.Dispose();
        base.Dispose(disposing);
    }
}
