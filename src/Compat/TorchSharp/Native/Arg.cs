using System.Numerics;
using System.Runtime.CompilerServices;

namespace TorchSharp.Native;

/// <summary>
/// One argument of an operator call, converted from what the caller has. Lists stay managed until the call pins them; the object is
/// kept alive through the call.
/// </summary>
internal readonly struct Arg
{
    internal readonly object? Object;
    internal readonly long Bits;
    internal readonly int Tag;
    internal readonly int Count;

    private Arg(int tag, long bits = 0, object? value = null, int count = 0)
    {
        Tag = tag;
        Bits = bits;
        Object = value;
        Count = count;
    }

    /// <summary>A list of integers that the caller keeps pinned through the call.</summary>
    internal unsafe Arg(long* pinned, int count) : this(Native.Tag.PinnedIntList, (long)pinned, null, count)
    {
    }

    /// <summary>A list of one integer.</summary>
    internal static Arg One(long value) => new(Native.Tag.OneInt, value, null, 1);

    /// <summary>The schema's own default.</summary>
    internal static Arg Default => new(Native.Tag.Default);
    internal static Arg None => default;

    public static implicit operator Arg(torch.Tensor? t) => t is null ? default : new(Native.Tag.Tensor, 0, t);
    public static implicit operator Arg(long v) => new(Native.Tag.Int, v);
    public static implicit operator Arg(int v) => new(Native.Tag.Int, v);
    public static implicit operator Arg(long? v) => v is { } x ? new(Native.Tag.Int, x) : default;
    public static implicit operator Arg(double v) => new(Native.Tag.Double, BitConverter.DoubleToInt64Bits(v));
    public static implicit operator Arg(double? v) => v is { } x ? (Arg)x : default;
    public static implicit operator Arg(bool v) => new(Native.Tag.Bool, v ? 1 : 0);
    public static implicit operator Arg(bool? v) => v is { } x ? (Arg)x : default;
    public static implicit operator Arg(torch.ScalarType v) => new(Native.Tag.Int, (long)v);
    public static implicit operator Arg(torch.ScalarType? v) => v is { } x ? (Arg)x : default;
    public static implicit operator Arg(long[]? v) => v is null ? default : new(Native.Tag.IntList, 0, v, v.Length);
    public static implicit operator Arg(double[]? v) => v is null ? default : new(Native.Tag.DoubleList, 0, v, v.Length);
    public static implicit operator Arg(torch.Tensor[] v) => new(Native.Tag.TensorList, 0, v, v.Length);
    public static implicit operator Arg(string[] v) => new(Native.Tag.StringList, 0, v.Select(System.Text.Encoding.UTF8.GetBytes).ToArray(), v.Length);
    public static implicit operator Arg(string? v) => v is null ? default : new(Native.Tag.String, 0, System.Text.Encoding.UTF8.GetBytes(v));
    public static implicit operator Arg(torch.Device? v) => v is null ? default : new(Native.Tag.Device, v.index, null, (int)v.type);
    public static implicit operator Arg(torch.Generator? v) => v is null ? default : new(Native.Tag.Generator, v.Handle, v);

    public static implicit operator Arg(Scalar? v)
    {
        if (v is null) return default;
        return v.Kind switch
        {
            Native.Tag.Complex => new Arg(Native.Tag.Complex, 0, new[] { v.Real, v.Imaginary }),
            Native.Tag.Double => v.Real,
            _ => new Arg(v.Kind, v.Integer),
        };
    }

    /// <summary>A list in which a null stands for "no index here" (aten::index).</summary>
    internal static Arg Indices(torch.Tensor?[] v) => new(Native.Tag.OptionalTensorList, 0, v, v.Length);

    internal string Describe() => Tag switch
    {
        Native.Tag.Tensor => DescribeTensor((torch.Tensor)Object!),
        Native.Tag.TensorList or Native.Tag.OptionalTensorList => $"[{string.Join(", ", ((torch.Tensor?[])Object!).Select(t => t is null ? "none" : DescribeTensor(t)))}]",
        Native.Tag.Int => Bits.ToString(),
        Native.Tag.Double => BitConverter.Int64BitsToDouble(Bits).ToString("g6"),
        Native.Tag.Bool => Bits != 0 ? "true" : "false",
        Native.Tag.IntList => $"[{string.Join(", ", (long[])Object!)}]",
        Native.Tag.OneInt => $"[{Bits}]",
        Native.Tag.Complex => new Complex(((double[])Object!)[0], ((double[])Object!)[1]).ToString(),
        Native.Tag.String => System.Text.Encoding.UTF8.GetString((byte[])Object!),
        _ => "-",
    };

    private static string DescribeTensor(torch.Tensor t) => t.IsInvalid ? "disposed" : t.ToString();
}
