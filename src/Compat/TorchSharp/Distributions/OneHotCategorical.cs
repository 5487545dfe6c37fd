namespace TorchSharp.Modules;

/// <summary>A categorical variable as a vector with a single 1</summary>
public class OneHotCategorical : torch.distributions.Distribution
{
    private Categorical _categorical;

    /// <exception cref="ArgumentException">Neither or both of probs and logits.</exception>
    public OneHotCategorical(torch.Tensor? probs = null, torch.Tensor? logits = null, torch.Generator? generator = null)
        : base(generator)
    {
        _categorical = new Categorical(probs, logits, generator);
        _init(_categorical.batch_shape, new torch.Size(_categorical.param_shape[^1]));
    }

    public torch.Tensor probs => _categorical.probs;
    public torch.Tensor logits => _categorical.logits;
    public long[] param_shape => _categorical.param_shape;

    public override torch.Tensor mean => probs;
    public override torch.Tensor mode => OneHot(() => probs.argmax(-1));
    public override torch.Tensor variance => torch.WrappedTensorDisposeScope(() => probs * (1 - probs));

    private torch.Tensor OneHot(Func<torch.Tensor> places) => torch.WrappedTensorDisposeScope(() =>
        torch.nn.functional.one_hot(places(), param_shape[^1]).to(probs.dtype));

    public override torch.Tensor rsample(params long[] sample_shape) => OneHot(() => _categorical.sample(sample_shape));

    public override torch.Tensor log_prob(torch.Tensor value) =>
        torch.WrappedTensorDisposeScope(() => _categorical.log_prob(value.argmax(-1)));

    public override torch.Tensor entropy() => _categorical.entropy();

    public override torch.distributions.Distribution expand(torch.Size batch_shape,
        torch.distributions.Distribution? instance = null)
    {
        var target = Target<OneHotCategorical>(instance);
        var expanded = (Categorical)_categorical.expand(batch_shape);
        using var scope = torch.NewDisposeScope();
        target ??= new OneHotCategorical(probs, null, generator);
        target._categorical.Dispose();
        target._categorical = expanded;
        target._init(batch_shape, event_shape);
        return target;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _categorical.Dispose();
        base.Dispose(disposing);
    }
}
