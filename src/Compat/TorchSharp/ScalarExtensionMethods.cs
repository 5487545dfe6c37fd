using System.Numerics;
using TorchSharp.Native;

namespace TorchSharp;

/// <summary>Numbers to scalars and back.</summary>
public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => value;
    public static Scalar ToScalar(this sbyte value) => value;
    public static Scalar ToScalar(this short value) => value;
    public static Scalar ToScalar(this int value) => value;
    public static Scalar ToScalar(this long value) => value;
    public static Scalar ToScalar(this float value) => value;
    public static Scalar ToScalar(this double value) => value;
    public static Scalar ToScalar(this (float, float) value) => value;
    public static Scalar ToScalar(this Complex value) => value;
    public static Scalar ToScalar(this bool value) => value;
    public static Scalar ToScalar(this Half value) => value;
    public static Scalar ToScalar(this BFloat16 value) => value;
    public static Scalar ToBFloat16Scalar(this float value) => (BFloat16)value;

    public static bool ToBoolean(this Scalar value) => value.Kind is Tag.Double or Tag.Complex ? value.Real != 0 || value.Imaginary != 0 : value.Integer != 0;
    public static byte ToByte(this Scalar value) => checked((byte)value.AsInt64);
    public static sbyte ToSByte(this Scalar value) => checked((sbyte)value.AsInt64);
    public static short ToInt16(this Scalar value) => checked((short)value.AsInt64);
    public static int ToInt32(this Scalar value) => checked((int)value.AsInt64);
    public static long ToInt64(this Scalar value) => value.AsInt64;
    public static Half ToHalf(this Scalar value) => (Half)value.AsDouble;
    public static BFloat16 ToBFloat16(this Scalar value) => (BFloat16)value.AsDouble;
    public static float ToSingle(this Scalar value) => (float)value.AsDouble;
    public static double ToDouble(this Scalar value) => value.AsDouble;
    public static (float Real, float Imaginary) ToComplexFloat32(this Scalar value) => ((float)value.AsDouble, (float)value.Imaginary);
    public static Complex ToComplexFloat64(this Scalar value) => new(value.AsDouble, value.Imaginary);
}
