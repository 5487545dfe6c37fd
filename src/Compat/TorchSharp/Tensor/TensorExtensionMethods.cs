using System.Numerics;

namespace TorchSharp;

/// <summary>Values, text and files of tensors.</summary>
public static partial class TensorExtensionMethods
{
    /// <summary>A parameter over the same memory.</summary>
    public static Modules.Parameter AsParameter(this torch.Tensor tensor) => new(tensor);

    /// <summary>Bytes an element.</summary>
    public static int ElementSize(this torch.ScalarType type) => ScalarTypes.Size(type);

    public static ReadOnlySpan<int> IntShape(this torch.Tensor tensor) => Array.ConvertAll(tensor.shape, n => checked((int)n));

    /// <summary>The product of the sizes.</summary>
    public static long TotalSize(this IEnumerable<long> shape) => shape.Aggregate(1L, (a, b) => a * b);

    public static bool ToBoolean(this torch.Tensor value) => value.ToScalar().ToBoolean();
    public static byte ToByte(this torch.Tensor value) => value.ToScalar().ToByte();
    public static sbyte ToSByte(this torch.Tensor value) => value.ToScalar().ToSByte();
    public static short ToInt16(this torch.Tensor value) => value.ToScalar().ToInt16();
    public static int ToInt32(this torch.Tensor value) => value.ToScalar().ToInt32();
    public static long ToInt64(this torch.Tensor value) => value.ToScalar().ToInt64();
    public static Half ToHalf(this torch.Tensor value) => value.ToScalar().ToHalf();
    public static BFloat16 ToBFloat16(this torch.Tensor value) => value.ToScalar().ToBFloat16();
    public static float ToSingle(this torch.Tensor value) => value.ToScalar().ToSingle();
    public static double ToDouble(this torch.Tensor value) => value.ToScalar().ToDouble();
    public static (float Real, float Imaginary) ToComplex32(this torch.Tensor value) => value.ToScalar().ToComplexFloat32();
    public static (float Real, float Imaginary) ToComplexFloat32(this torch.Tensor value) => value.ToScalar().ToComplexFloat32();
    public static Complex ToComplex64(this torch.Tensor value) => value.ToScalar().ToComplexFloat64();
    public static Complex ToComplexFloat64(this torch.Tensor value) => value.ToScalar().ToComplexFloat64();

    /// <summary>A copy of the array as a tensor of the given shape.</summary>
    public static torch.Tensor ToTensor<T>(this T[] rawArray, long[] dimensions, bool doCopy = false, bool requires_grad = false)
    {
        using var flat = torch.from_array(rawArray);
        using var shaped = flat.view(dimensions);
        var made = shaped.clone();
        return requires_grad ? made.with_requires_grad() : made;
    }

    public static torch.Tensor ToTensor<T>(this T scalar, torch.Device? device = null, bool requires_grad = false) where T : struct
    {
        using var one = torch.from_array(new[] { scalar });
        using var flat = one.view([]);
        using var own = flat.clone();
        var made = own.As(null, device);
        return requires_grad ? made.with_requires_grad() : made;
    }
}
