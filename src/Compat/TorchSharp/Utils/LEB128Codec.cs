namespace TorchSharp.Utils;

/// <summary>Integers of variable length: seven bits a byte, lowest first, the eighth bit set on all but the last byte.</summary>
internal static class LEB128Codec
{
    public static void Encode(this BinaryWriter writer, long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        for (; value > 0x7f; value >>= 7) writer.Write((byte)(value & 0x7f | 0x80));
        writer.Write((byte)value);
    }

    /// <exception cref="InvalidDataException">The number is longer than 64 bits.</exception>
    public static long Decode(this BinaryReader reader)
    {
        long value = 0;
        for (var shift = 0; shift < 63; shift += 7)
        {
            var b = reader.ReadByte();
            value |= (long)(b & 0x7f) << shift;
            if ((b & 0x80) == 0) return value;
        }
        throw new InvalidDataException("expected a number of at most 63 bits, got a longer one: this is no tensor file of TorchSharp, or it is damaged");
    }
}
