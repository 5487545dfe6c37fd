using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>The inverse of a bijection as a bijection: z = g^-1(x). What was generating becomes normalizing.</summary>
public sealed class Invert : Bijection
{
    private readonly Bijection inner;

    /// <summary>Exchanges the directions of a map.</summary>
    public Invert(Bijection inner)
        : base(nameof(Invert), (inner ?? throw new ArgumentNullException(nameof(inner))).LatentShape, inner.EventShape, inner.ContextSize)
    {
        this.inner = inner;
        RegisterComponents();
    }

    /// <summary>The map whose directions are exchanged.</summary>
    public Bijection Inner => inner;

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) Normalize(Tensor x, Tensor? context) => inner.Generate(x, context);

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) Generate(Tensor z, Tensor? context) => inner.Normalize(z, context);

    /// <inheritdoc/>
    protected override IEnumerable<object> Parts => [inner];
}
