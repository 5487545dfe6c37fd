using System.Buffers.Binary;
using System.Text;

namespace RealNvp.Tests;

/// <summary>Damages files as chance, or somebody with an aim, would: a seed determines what it does.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly long[] Sizes =
    [
        0, 1, -1, 3, 255, 256, 65_536, int.MaxValue, int.MinValue, 1L << 31, uint.MaxValue, 1L << 40,
        long.MaxValue, long.MinValue,
    ];

    private static readonly string[] Words =
    [
        "null", "true", "[]", "{}", "\"\"", "[", "{", "]", "}", ",", ":", "\"", "\\", "\\ud800", "\"\\udfff\"",
        "\u001b[2J", "\0", "\u202e",
        "-1", "0", "1e400", "NaN", "0x7f", "1.5", "99999999999", "9223372036854775807",
        "18446744073709551616", "-9223372036854775808",
        new('[', 100), new('9', 400), new('A', 5000), "\n", "\r", "\t", "é", "😀", "\ufeff", "../../x", "a\":1,\"a\":2,\"",
    ];

    private readonly Random _random = new(seed);

    /// <summary>A whole number below another one.</summary>
    internal int Below(int limit) => _random.Next(limit);

    /// <summary>A copy with one to four damages.</summary>
    internal byte[] Damaged(ReadOnlySpan<byte> original)
    {
        var bytes = new List<byte>(original.ToArray());
        for (var count = 1 + Below(4); count > 0; count--) Damage(bytes);
        return [.. bytes];
    }

    /// <inheritdoc cref="Damaged(ReadOnlySpan{byte})"/>
    internal byte[] Damaged(string text) => Damaged(Encoding.UTF8.GetBytes(text));

    private void Damage(List<byte> bytes)
    {
        var at = bytes.Count == 0 ? 0 : Below(bytes.Count);
        var length = Math.Min(bytes.Count - at, 1 + Below(Below(4) == 0 ? 64 : 8));
        switch (Below(10))
        {
            case 0 when length > 0:
                bytes[at] ^= (byte)(1 << Below(8));
                break;
            case 1 when length > 0:
                bytes[at] = (byte)Below(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 4 when Below(4) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5 or 6:
                ReplaceNumber(bytes, at);
                break;
            case 7:
                Overwrite(bytes, at, Integer());
                break;
            default:
                bytes.InsertRange(at, Encoding.UTF8.GetBytes(Words[Below(Words.Length)]));
                break;
        }
    }

    /// <summary>The next number that is written in digits becomes another word.</summary>
    private void ReplaceNumber(List<byte> bytes, int at)
    {
        var start = bytes.FindIndex(at, b => char.IsAsciiDigit((char)b));
        if (start < 0) return;
        var end = bytes.FindIndex(start, b => !char.IsAsciiDigit((char)b));
        bytes.RemoveRange(start, (end < 0 ? bytes.Count : end) - start);
        bytes.InsertRange(start, Encoding.UTF8.GetBytes(
            Below(2) == 0 ? $"{Sizes[Below(Sizes.Length)]}" : Words[Below(Words.Length)]));
    }

    private byte[] Integer()
    {
        var (value, bytes) = (Sizes[Below(Sizes.Length)], new byte[Below(2) == 0 ? 8 : 4]);
        if (bytes.Length == 4 && Below(2) == 0) BinaryPrimitives.WriteInt32BigEndian(bytes, (int)value);
        else if (bytes.Length == 4) BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)value);
        else BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }

    private static void Overwrite(List<byte> bytes, int at, byte[] with)
    {
        for (var k = 0; k < with.Length && at + k < bytes.Count; k++) bytes[at + k] = with[k];
    }
}
