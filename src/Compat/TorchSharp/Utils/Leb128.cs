namespace TorchSharp.Utils;

/// <summary>Non-negative integers in seven bits a byte, low bits first, the high bit set on all but the last byte.</summary>
internal static class Leb128
{
    internal static void Write(BinaryWriter writer, long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        while (value >= 0x80)
        {
            writer.Write((byte)(value | 0x80));
            value >>= 7;
        }
        writer.Write((byte)value);
    }

    /// <exception cref="InvalidDataException">More than nine bytes: no such number was written.</exception>
    internal static long Read(BinaryReader reader)
    {
        long value = 0;
        for (var shift = 0; shift < 63; shift += 7)
        {
            var b = reader.ReadByte();
            value |= (long)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }
        throw new InvalidDataException("expected a LEB128 number of at most nine bytes; the file is damaged or of another "
            + "format");
    }
}
