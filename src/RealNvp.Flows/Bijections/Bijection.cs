using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// An invertible, differentiable map f between data x and latents z. Forward is the normalizing direction, z = f(x) with
/// log|det dz/dx|; Inverse is the generating one, x = f^-1(z) with log|det dx/dz|.
/// </summary>
/// <remarks>
/// Both directions work on a batch [N, ...event] in float32 or float64 and return one log-determinant per event, [N].
/// Not-a-number goes in and comes out: a bijection never hides it and never throws over it (the trainer names it, with row and
/// column). A new bijection implements <see cref="ForwardCore"/> and <see cref="InverseCore"/>; shape checks and the freeing of
/// intermediate tensors are done here.
/// </remarks>
/// <example>
/// <code>
/// Bijection f = new Chain(new Scaling(3), new Tanh());
/// var x = randn(4, 3, float64);
/// var (z, logDet) = f.to(float64).Forward(x);
/// var (back, inverseLogDet) = f.Inverse(z);
/// Console.WriteLine($"{back.allclose(x)} {inverseLogDet.allclose(-logDet)}");
/// // prints True True
/// </code>
/// </example>
public abstract class Bijection : FlowModule
{
    /// <summary>Describes the two ends.</summary>
    /// <param name="name">The bijection's name in messages.</param>
    /// <param name="eventShape">Shape of one event x, null for a map that works on any shape.</param>
    /// <param name="latentShape">Shape of one z; null means the same as x.</param>
    /// <param name="contextSize">Features of the context that it is conditioned on; null means that it takes none.</param>
    /// <exception cref="ArgumentException">A shape has no dimension, or one of no size.</exception>
    protected Bijection(string name, long[]? eventShape, long[]? latentShape = null, long? contextSize = null) : base(name)
    {
        foreach (var shape in new[] { eventShape, latentShape })
            if (shape is not null && (shape.Length == 0 || shape.Any(size => size < 1)))
                throw new ArgumentException($"{name} works on events of at least one dimension of positive size, but was given "
                    + $"{Shapes.Text(shape)}.", nameof(eventShape));
        EventShape = eventShape;
        LatentShape = latentShape ?? eventShape;
        ContextSize = contextSize;
    }

    /// <summary>Shape of one event x; null when the map works on any shape.</summary>
    public long[]? EventShape { get; }

    /// <summary>Shape of one latent z.</summary>
    public long[]? LatentShape { get; }

    /// <summary>Features of the context; null when the map takes none.</summary>
    public long? ContextSize { get; }

    /// <summary>z = f(x) and log|det dz/dx|.</summary>
    /// <param name="x">Data [N, ...event].</param>
    /// <param name="context">What the map is conditioned on, [N, ContextSize]; only where the map takes one.</param>
    /// <returns>Z [N, ...latent] and LogDet [N], in the dtype and on the device of x.</returns>
    /// <exception cref="ArgumentException">x or context has another shape than this map works on, or another precision; the
    /// message names both.</exception>
    public (Tensor Z, Tensor LogDet) Forward(Tensor x, Tensor? context = null)
    {
        Shapes.Require(Title, x, EventShape, nameof(x));
        Shapes.RequireContext(Title, context, ContextSize, x.size(0));
        return ModelCall.Run(this, Title, () => ForwardCore(x, context), (x, nameof(x)), (context, nameof(context)));
    }

    /// <summary>x = f^-1(z) and log|det dx/dz|.</summary>
    /// <param name="z">Latents [N, ...latent].</param>
    /// <param name="context">What the map is conditioned on, [N, ContextSize]; only where the map takes one.</param>
    /// <returns>X [N, ...event] and LogDet [N], in the dtype and on the device of z.</returns>
    /// <exception cref="ArgumentException">z or context has another shape than this map works on, or another precision; the
    /// message names both.</exception>
    public (Tensor X, Tensor LogDet) Inverse(Tensor z, Tensor? context = null)
    {
        Shapes.Require(Title, z, LatentShape, nameof(z));
        Shapes.RequireContext(Title, context, ContextSize, z.size(0));
        return ModelCall.Run(this, Title, () => InverseCore(z, context), (z, nameof(z)), (context, nameof(context)));
    }

    /// <summary>Forward without the checks. Returns new tensors, never its argument.</summary>
    protected internal abstract (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context);

    /// <summary>Inverse without the checks. Returns new tensors, never its argument.</summary>
    protected internal abstract (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context);

    /// <summary>
    /// The generating direction where only x is wanted, as in sampling; override where leaving out the log-determinant saves
    /// work.
    /// </summary>
    protected internal virtual Tensor InverseOnly(Tensor z, Tensor? context) => InverseCore(z, context).X;

    /// <summary>The interval that the numbers of x have to lie in, ends included; null for the whole line.</summary>
    internal virtual (double Low, double High)? Domain => null;

    /// <summary>The interval that the numbers of z lie in; null for the whole line.</summary>
    internal virtual (double Low, double High)? Image => null;

    /// <summary>Whether z holds the numbers of x, in another order or shape.</summary>
    internal virtual bool OnlyMoves => false;

    /// <summary>The map with its directions exchanged.</summary>
    public Bijection Inverted() => new Invert(this);

    /// <summary>Name and numbers in one line; <see cref="ToString"/> adds what is inside.</summary>
    protected virtual string Title => GetName();

    /// <summary>The parts to show indented below the title.</summary>
    protected virtual IEnumerable<object> Parts => [];

    /// <summary>The structure, one part a line, nested parts indented.</summary>
    public override string ToString() => StructureText.Of(Title, Parts);

    /// <summary>A log-determinant of zero for every event of a batch.</summary>
    protected static Tensor ZeroLogDet(Tensor x) => x.new_zeros(x.size(0));

    /// <summary>
    /// The log-determinant [N] that elementwise log-derivatives [N, ...event] of a batch x add up to; zero where there are none.
    /// </summary>
    protected static Tensor SumOverEvent(Tensor? logDerivative, Tensor x) =>
        logDerivative is null ? ZeroLogDet(x) : SumOverEvent(logDerivative);

    /// <summary>Adds an elementwise log-derivative [N, ...event] up to one number per event [N].</summary>
    protected static Tensor SumOverEvent(Tensor logDerivative) =>
        logDerivative.dim() switch
        {
            1 => logDerivative.alias(),
            2 => logDerivative.sum(1L),
            _ => logDerivative.flatten(1).sum(1L),
        };
}
