using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>An event of any shape as a vector, row by row: logDet = 0.</summary>
public sealed class Flatten : Bijection
{
    /// <summary>For events of one shape.</summary>
    public Flatten(params long[] eventShape) : base(nameof(Flatten), eventShape, Flat(eventShape)) => RegisterComponents();

    /// <summary>[D]; of a shape that is none, itself, which the base refuses.</summary>
    private static long[] Flat(long[] eventShape) =>
        (eventShape ?? throw new ArgumentNullException(nameof(eventShape))).All(size => size >= 1)
        ? [eventShape.Elements()] : eventShape;

    internal override bool OnlyMoves => true;

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) =>
        (x.reshape([-1, .. LatentShape!]).alias(), ZeroLogDet(x));

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) =>
        (z.reshape([-1, .. EventShape!]).alias(), ZeroLogDet(z));

    /// <inheritdoc/>
    protected override string Title => $"Flatten {Shapes.Text(EventShape!)}";
}
