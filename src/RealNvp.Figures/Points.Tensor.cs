using static TorchSharp.torch;

namespace RealNvp.Figures;

public readonly partial struct Points
{
    /// <summary>Points from a tensor [N, 2], of any floating type, on any device; its values are copied.</summary>
    /// <exception cref="ArgumentException">The tensor has another shape.</exception>
    public static implicit operator Points(Tensor points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.dim() != 2 || points.shape[1] != 2)
            throw new ArgumentException($"Expected points of shape [N, 2]; given {Tensors.Shape(points)}.", nameof(points));
        return Tensors.Matrix(points, "points of shape [N, 2]");
    }
}
