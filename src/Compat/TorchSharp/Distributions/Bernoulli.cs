namespace TorchSharp.Modules;

/// <summary>1 with probability probs = sigmoid(logits), else 0</summary>
public class Bernoulli : torch.distributions.Distribution
{
    private torch.Tensor? _probs;
    private torch.Tensor? _logits;

    /// <exception cref="ArgumentException">Neither or both of probs and logits.</exception>
    public Bernoulli(torch.Tensor? probs = null, torch.Tensor? logits = null, torch.Generator? generator = null) : base(generator)
    {
        RequireOne(probs, logits);
        Set(probs, logits);
    }

    private Bernoulli Set(torch.Tensor? probs, torch.Tensor? logits)
    {
        (_probs, _logits) = (KeepIfGiven(probs), KeepIfGiven(logits));
        _init((probs ?? logits)!.shape);
        return this;
    }

    public torch.Tensor probs => _probs?.alias() ?? LogitsToProbs(_logits!, true);
    public torch.Tensor logits => _logits?.alias() ?? ProbsToLogits(_probs!, true);

    public override torch.Tensor mean => probs;
    public override torch.Tensor mode => torch.WrappedTensorDisposeScope(() =>
    {
        var p = probs;
        return torch.where(p.eq(0.5), double.NaN, p.ge(0.5).to(p.dtype));
    });
    public override torch.Tensor variance => torch.WrappedTensorDisposeScope(() => probs * (1 - probs));

    /// <summary>Without gradients: the values are 0 and 1.</summary>
    public override torch.Tensor rsample(params long[] sample_shape)
    {
        using var off = new NoGrad();
        return torch.WrappedTensorDisposeScope(() => torch.bernoulli(probs.expand(ExtendedShape(sample_shape)), generator));
    }

    public override torch.Tensor log_prob(torch.Tensor value) => torch.WrappedTensorDisposeScope(() =>
    {
        var both = torch.broadcast_tensors(logits, value);
        return -torch.nn.functional.binary_cross_entropy_with_logits(both[0], both[1], reduction: torch.nn.Reduction.None);
    });

    public override torch.Tensor entropy() => torch.WrappedTensorDisposeScope(() =>
        torch.nn.functional.binary_cross_entropy_with_logits(logits, probs, reduction: torch.nn.Reduction.None));

    public override torch.distributions.Distribution expand(torch.Size batch_shape,
        torch.distributions.Distribution? instance = null)
    {
        using var scope = torch.NewDisposeScope();
        var (p, l) = (_probs?.expand(batch_shape), _logits?.expand(batch_shape));
        return Target<Bernoulli>(instance)?.Set(p, l) ?? new Bernoulli(p, l, generator);
    }
}
