using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>The inverse of a bijection as a bijection: z = g^-1(x). What was generating becomes normalizing.</summary>
/// <example>
/// <code>
/// var toUnit = new Invert(new Logit(alpha: 0));   // from the line to (0, 1)
/// var (u, _) = toUnit.Forward(zeros(1, 2));
/// Console.WriteLine(u[0, 0].ToDouble());
/// // prints 0.5
/// </code>
/// </example>
public sealed class Invert : Bijection
{
    private readonly Bijection inner;

    /// <summary>Exchanges the directions of a map.</summary>
    public Invert(Bijection inner)
        : base(nameof(Invert), (inner ?? throw new ArgumentNullException(nameof(inner))).LatentShape, inner.EventShape,
            inner.ContextSize)
    {
        this.inner = inner;
        RegisterComponents();
    }

    /// <summary>The map whose directions are exchanged.</summary>
    public Bijection Inner => inner;

    internal override (double Low, double High)? Domain => inner.Image;

    internal override (double Low, double High)? Image => inner.Domain;

    internal override bool OnlyMoves => inner.OnlyMoves;

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) => inner.InverseCore(x, context);

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) => inner.ForwardCore(z, context);

    /// <inheritdoc/>
    protected override IEnumerable<object> Parts => [inner];
}
