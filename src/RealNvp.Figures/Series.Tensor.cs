using static TorchSharp.torch;

namespace RealNvp.Figures;

public readonly partial struct Series
{
    /// <summary>A series from a tensor [N] or [N, 1], of any real type, on any device; its values are copied.</summary>
    /// <exception cref="ArgumentException">The tensor has another shape.</exception>
    public static implicit operator Series(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.dim() is 1 || values.dim() is 2 && values.shape[1] == 1) return new Series(Tensors.Values(values));
        throw new ArgumentException($"Expected a series of shape [N]; given {Tensors.Shape(values)}.", nameof(values));
    }
}
