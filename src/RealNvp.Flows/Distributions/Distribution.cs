using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>
/// A density p(x) over events, with exact log-probability and samples. As a base it is the latent density of a
/// <see cref="Flow"/>.
/// </summary>
public abstract class Distribution : FlowModule
{
    /// <summary>Names the distribution and fixes the shape of one event.</summary>
    /// <exception cref="ArgumentException">The shape is empty or holds a size below 1, or a context has no features.</exception>
    protected Distribution(string name, long[] eventShape, long? contextSize = null) : base(name)
    {
        ArgumentNullException.ThrowIfNull(eventShape);
        if (eventShape.Length == 0 || eventShape.Any(size => size < 1))
            throw new ArgumentException($"A {name} needs at least one dimension of positive size, but was given "
                + $"{Shapes.Text(eventShape)}.", nameof(eventShape));
        Arguments.AtLeastOne(contextSize);
        EventShape = eventShape;
        ContextSize = contextSize;
    }

    /// <summary>Shape of one event.</summary>
    public long[] EventShape { get; }

    /// <summary>Features of the context; null when there is none.</summary>
    public long? ContextSize { get; }

    /// <summary>Numbers in one event.</summary>
    public long Dimension => EventShape.Elements();

    /// <summary>log p(x), in nats.</summary>
    /// <param name="x">Events [N, ...event].</param>
    /// <param name="context">What the density is conditioned on, [N, ContextSize]; only where it takes one.</param>
    /// <returns>[N], differentiable in x, the context and the parameters.</returns>
    /// <exception cref="ArgumentException">x or context has another shape than this density works on, or another precision; the
    /// message names both.</exception>
    public Tensor LogProb(Tensor x, Tensor? context = null)
    {
        Shapes.Require(GetName(), x, EventShape, nameof(x));
        Shapes.RequireContext(GetName(), context, ContextSize, x.size(0));
        return ModelCall.Run(this, GetName(), () => LogDensity(x, context), (x, nameof(x)), (context, nameof(context)));
    }

    /// <summary>Draws events, without gradients and in evaluation mode, on the density's device and in its dtype.</summary>
    /// <param name="n">How many.</param>
    /// <param name="context">One context for each event, [n, ContextSize]; only where the density takes one.</param>
    /// <param name="generator">Source of randomness; null is torch's global one.</param>
    /// <returns>[n, ...event].</returns>
    /// <exception cref="ArgumentException">n is negative, or the context does not fit.</exception>
    public Tensor Sample(long n, Tensor? context = null, Generator? generator = null)
    {
        RequireCount(n);
        Shapes.RequireContext(GetName(), context, ContextSize, n);
        using var guard = torch.no_grad();
        using var mode = EvaluationMode.Of(this);
        return ModelCall.Run(this, GetName(), () => Draw(n, context, generator), (context, nameof(context)));
    }

    /// <summary>
    /// Draws events with their log-probabilities; gradients run through both to the parameters, as variational inference needs.
    /// </summary>
    /// <param name="n">How many.</param>
    /// <param name="context">One context for each event, [n, ContextSize]; only where the density takes one.</param>
    /// <param name="generator">Source of randomness; null is torch's global one.</param>
    /// <returns>X [n, ...event] and LogProb [n].</returns>
    /// <exception cref="ArgumentException">n is negative, or the context does not fit.</exception>
    public (Tensor X, Tensor LogProb) SampleWithLogProb(long n, Tensor? context = null, Generator? generator = null)
    {
        RequireCount(n);
        Shapes.RequireContext(GetName(), context, ContextSize, n);
        return ModelCall.Run(this, GetName(), () => DrawWithLogDensity(n, context, generator), (context, nameof(context)));
    }

    /// <summary>
    /// Bits per dimension of each event, -log2 p(x) / D. For data quantised to k levels in [0, 1) after dequantisation add log2 k
    /// through
    /// <paramref name="levels"/>: the density of x on the scale of the levels is k^-D times as large.
    /// </summary>
    /// <returns>[N].</returns>
    public Tensor BitsPerDim(Tensor x, Tensor? context = null, int levels = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(levels);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(LogProb(x, context) * (-1 / (Dimension * Math.Log(2))) + Math.Log2(levels));
    }

    /// <summary>
    /// The density under one context, p(x | c) at one c: it takes no context, for whatever works on densities that take none. It
    /// is a view of this one, which has to outlive it.
    /// </summary>
    /// <param name="context">c, [1, ContextSize].</param>
    /// <exception cref="ArgumentException">The context does not fit, or this density takes none.</exception>
    public virtual Distribution Given(Tensor context) => new Conditioned(this, context);

    /// <summary>LogProb without the checks.</summary>
    protected internal abstract Tensor LogDensity(Tensor x, Tensor? context);

    /// <summary>Sample without the checks.</summary>
    protected internal abstract Tensor Draw(long n, Tensor? context, Generator? generator);

    /// <summary>SampleWithLogProb without the checks.</summary>
    protected internal virtual (Tensor X, Tensor LogProb) DrawWithLogDensity(long n, Tensor? context, Generator? generator)
    {
        var x = Draw(n, context, generator);
        return (x, LogDensity(x, context));
    }

    private static void RequireCount(long n)
    {
        if (n < 0) throw new ArgumentException($"The number of samples is at least 0, but was given {n}.", nameof(n));
    }
}
