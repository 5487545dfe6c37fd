using System.Numerics;

namespace TorchSharp;

/// <summary>Which .NET type has the bytes of which dtype.</summary>
internal static class ScalarTypes
{
    internal static torch.ScalarType? Of(Type type)
    {
        if (type == typeof(float)) return torch.ScalarType.Float32;
        if (type == typeof(double)) return torch.ScalarType.Float64;
        if (type == typeof(long)) return torch.ScalarType.Int64;
        if (type == typeof(int)) return torch.ScalarType.Int32;
        if (type == typeof(short)) return torch.ScalarType.Int16;
        if (type == typeof(sbyte)) return torch.ScalarType.Int8;
        if (type == typeof(byte)) return torch.ScalarType.Byte;
        if (type == typeof(bool)) return torch.ScalarType.Bool;
        if (type == typeof(Half)) return torch.ScalarType.Float16;
        if (type == typeof(BFloat16)) return torch.ScalarType.BFloat16;
        if (type == typeof(Complex)) return torch.ScalarType.ComplexFloat64;
        if (type == typeof((float, float))) return torch.ScalarType.ComplexFloat32;
        return null;
    }

    /// <summary>Throws where T does not have the bytes of the dtype.</summary>
    internal static void Require<T>(torch.ScalarType dtype)
    {
        if (Of(typeof(T)) != dtype) throw new ArgumentException($"{typeof(T).Name} is not compatible with {dtype}");
    }

    internal static int Size(torch.ScalarType type) => type switch
    {
        torch.ScalarType.Byte or torch.ScalarType.Int8 or torch.ScalarType.Bool or torch.ScalarType.QInt8 or torch.ScalarType.QUInt8 => 1,
        torch.ScalarType.Int16 or torch.ScalarType.Float16 or torch.ScalarType.BFloat16 => 2,
        torch.ScalarType.Int32 or torch.ScalarType.Float32 or torch.ScalarType.QInt32 => 4,
        torch.ScalarType.Int64 or torch.ScalarType.Float64 or torch.ScalarType.ComplexFloat32 => 8,
        torch.ScalarType.ComplexFloat64 => 16,
        _ => throw new ArgumentException($"unknown dtype {type}"),
    };
}
