namespace TorchSharp.Modules;

/// <summary>k with probability probs[..., k] (normalised), or softmax(logits)[..., k]; values are Int64</summary>
public class Categorical : torch.distributions.Distribution
{
    private torch.Tensor? _probs;
    private torch.Tensor? _logits;

    /// <exception cref="ArgumentException">Neither or both of probs and logits.</exception>
    public Categorical(torch.Tensor? probs = null, torch.Tensor? logits = null, torch.Generator? generator = null)
        : base(generator)
    {
        RequireOne(probs, logits);
        using var scope = torch.NewDisposeScope();
        Set(probs is null ? null : probs / probs.sum(-1, true), logits is null ? null : logits - logits.logsumexp(-1, true));
    }

    private Categorical(torch.Generator? generator) : base(generator)
    {
    }

    private Categorical Set(torch.Tensor? probs, torch.Tensor? logits)
    {
        (_probs, _logits) = (KeepIfGiven(probs), KeepIfGiven(logits));
        _init(param_shape[..^1]);
        return this;
    }

    public torch.Tensor probs => _probs?.alias() ?? LogitsToProbs(_logits!);
    public torch.Tensor logits => _logits?.alias() ?? ProbsToLogits(_probs!);
    public long[] param_shape => (_probs ?? _logits)!.shape;

    private torch.Tensor NotANumber => torch.full(ExtendedShape(), double.NaN, (_probs ?? _logits)!.dtype,
        (_probs ?? _logits)!.device);

    /// <summary>NaN: the values are names, not numbers.</summary>
    public override torch.Tensor mean => NotANumber;

    public override torch.Tensor variance => NotANumber;

    public override torch.Tensor rsample(params long[] sample_shape) => torch.WrappedTensorDisposeScope(() =>
    {
        long count = 1;
        foreach (var n in sample_shape) count *= n;
        var rows = torch.multinomial(probs.reshape(-1, param_shape[^1]), count, true, generator);
        return rows.transpose(0, 1).reshape(ExtendedShape(sample_shape));
    });

    public override torch.Tensor log_prob(torch.Tensor value) => torch.WrappedTensorDisposeScope(() =>
    {
        var both = torch.broadcast_tensors(value.@long().unsqueeze(-1), logits);
        return both[1].gather(-1, both[0].narrow(-1, 0, 1)).squeeze(-1);
    });

    public override torch.Tensor entropy() => torch.WrappedTensorDisposeScope(() =>
    {
        // A probability of 0 counts as 0, not as 0 times -Infinity.
        var l = logits;
        return -(l.clamp(min: torch.finfo(l.dtype).min) * probs).sum(-1);
    });

    public override torch.distributions.Distribution expand(torch.Size batch_shape,
        torch.distributions.Distribution? instance = null)
    {
        using var scope = torch.NewDisposeScope();
        long[] shape = [.. batch_shape.Shape, param_shape[^1]];
        return (Target<Categorical>(instance) ?? new Categorical(generator)).Set(_probs?.expand(shape), _logits?.expand(shape));
    }
}
