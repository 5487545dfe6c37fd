using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>
/// A conditional density under one context, p(x | c) at one c: a density that takes no context, for whatever works on those. It
/// is a view: the conditional density is not disposed with it, and has to outlive it.
/// </summary>
internal sealed class Conditioned : Distribution
{
    private readonly Func<Distribution> conditional;   // a field of its own type would make it a part of this one
    private readonly Tensor context;

    /// <param name="conditional">p(x | c).</param>
    /// <param name="context">c, [1, ContextSize].</param>
    internal Conditioned(Distribution conditional, Tensor context) : base(nameof(Conditioned), conditional.EventShape)
    {
        Shapes.RequireContext(conditional.GetName(), context, conditional.ContextSize, 1);
        this.conditional = () => conditional;
        this.context = context.detach().clone();
        RegisterComponents();
    }

    private Tensor For(long n) => context.expand(n, -1);

    /// <inheritdoc/>
    protected internal override Tensor LogDensity(Tensor x, Tensor? context) => conditional().LogProb(x, For(x.size(0)));

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator) =>
        conditional().Sample(n, For(n), generator);

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogProb) DrawWithLogDensity(long n, Tensor? context, Generator? generator) =>
        conditional().SampleWithLogProb(n, For(n), generator);

    /// <inheritdoc/>
    public override string ToString() => StructureText.Of("Under one context", [conditional()]);
}
