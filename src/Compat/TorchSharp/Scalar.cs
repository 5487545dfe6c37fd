using System.Numerics;
using TorchSharp.Native;

namespace TorchSharp;

/// <summary>A number with its dtype, as operators take it beside tensors.</summary>
public sealed class Scalar : IDisposable
{
    internal readonly int Kind;
    internal readonly long Integer;
    internal readonly double Real;
    internal readonly double Imaginary;

    public torch.ScalarType Type { get; }

    internal Scalar(double value, torch.ScalarType type)
    {
        Kind = Tag.Double;
        Real = value;
        Type = type;
    }

    internal Scalar(long value, torch.ScalarType type)
    {
        Kind = type == torch.ScalarType.Bool ? Tag.Bool : Tag.Int;
        Integer = value;
        Real = value;
        Type = type;
    }

    internal Scalar(double real, double imaginary, torch.ScalarType type = torch.ScalarType.ComplexFloat64)
    {
        Kind = Tag.Complex;
        Real = real;
        Imaginary = imaginary;
        Type = type;
    }

    internal double AsDouble => Kind == Tag.Double || Kind == Tag.Complex ? Real : Integer;
    internal long AsInt64 => Kind == Tag.Double || Kind == Tag.Complex ? checked((long)Real) : Integer;

    internal Scalar Typed(torch.ScalarType type) => Kind switch
    {
        Tag.Complex => new Scalar(Real, Imaginary, type),
        Tag.Double => new Scalar(Real, type),
        _ => new Scalar(Integer, type),
    };

    /// <summary>Nothing native is held; here because TorchSharp's Scalar is disposable.</summary>
    public void Dispose()
    {
    }

    public static implicit operator Scalar(byte value) => new(value, torch.ScalarType.Byte);
    public static implicit operator Scalar(sbyte value) => new(value, torch.ScalarType.Int8);
    public static implicit operator Scalar(short value) => new(value, torch.ScalarType.Int16);
    public static implicit operator Scalar(int value) => new(value, torch.ScalarType.Int32);
    public static implicit operator Scalar(long value) => new(value, torch.ScalarType.Int64);
    public static implicit operator Scalar(Half value) => new((double)value, torch.ScalarType.Float16);
    public static implicit operator Scalar(BFloat16 value) => new((double)value, torch.ScalarType.BFloat16);
    public static implicit operator Scalar(float value) => new(value, torch.ScalarType.Float32);
    public static implicit operator Scalar(double value) => new(value, torch.ScalarType.Float64);
    public static implicit operator Scalar(bool value) => new(value ? 1L : 0L, torch.ScalarType.Bool);
    public static implicit operator Scalar((float, float) value) => new(value.Item1, value.Item2, torch.ScalarType.ComplexFloat32);
    public static implicit operator Scalar(Complex value) => new(value.Real, value.Imaginary);
}
