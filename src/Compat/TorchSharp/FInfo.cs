namespace TorchSharp;

public static partial class torch
{
    /// <summary>The limits of a floating-point dtype.</summary>
    public struct FInfo
    {
        public int bits;
        public double eps;
        public double max;
        public double min;
        public double tiny;
        public double smallest_normal;
        public double resolution;
    }

    public static FInfo finfo() => finfo(get_default_dtype());

    /// <exception cref="ArgumentException">The dtype is not a floating-point or complex one.</exception>
    public static FInfo finfo(ScalarType dtype) => dtype switch
    {
        ScalarType.Float64 or ScalarType.ComplexFloat64 => Limits(64, 52, 1023, 1e-15),
        ScalarType.Float32 or ScalarType.ComplexFloat32 => Limits(32, 23, 127, 1e-6),
        ScalarType.Float16 => Limits(16, 10, 15, 1e-3),
        ScalarType.BFloat16 => Limits(16, 7, 127, 1e-2),
        _ => throw new ArgumentException($"expected a floating-point dtype, got {dtype}"),
    };

    // Of an IEEE-like format with so many fraction bits and so large an exponent.
    private static FInfo Limits(int bits, int fraction, int exponent, double resolution)
    {
        var eps = Math.ScaleB(1, -fraction);
        var max = Math.ScaleB(2 - eps, exponent);
        var tiny = Math.ScaleB(1, 1 - exponent);
        return new FInfo { bits = bits, eps = eps, max = max, min = -max, tiny = tiny, smallest_normal = tiny, resolution = resolution };
    }
}
