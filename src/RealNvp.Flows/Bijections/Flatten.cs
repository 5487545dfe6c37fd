using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>An event of any shape as a vector, row by row: logDet = 0.</summary>
public sealed class Flatten : Bijection
{
    /// <summary>For events of one shape.</summary>
    public Flatten(params long[] eventShape) : base(nameof(Flatten), eventShape, [eventShape.Elements()]) => RegisterComponents();

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) Normalize(Tensor x, Tensor? context) => (x.reshape([-1, .. LatentShape!]).alias(), ZeroLogDet(x));

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) Generate(Tensor z, Tensor? context) => (z.reshape([-1, .. EventShape!]).alias(), ZeroLogDet(z));

    /// <inheritdoc/>
    protected override string Title => $"Flatten {Shapes.Text(EventShape!)}";
}
