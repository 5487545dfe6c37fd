using System.Buffers.Binary;
using System.IO.Compression;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Chapters;

/// <summary>
/// Reads the idx format of MNIST and its kin, packed by gzip or not: two zero bytes, a type, a rank, big-endian sizes, then the
/// values.
/// </summary>
public static class Idx
{
    private const long MostBytes = int.MaxValue;
    private const long SmallBytes = 1 << 26;   // unpacked, whatever the file's own size
    private const int MostDimensions = 64;   // torch's own limit
    private const int MostPacking = 100;   // of MNIST and its kin it is 5

    /// <summary>Reads an array of unsigned bytes.</summary>
    /// <param name="path">The file; a name that ends in .gz is unpacked.</param>
    /// <returns>[sizes], uint8.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no plain file, or no idx file of bytes, or it is truncated or too long, or
    /// announces more than 64 MiB and a hundred times its own size; the message says how.</exception>
    public static Tensor Read(string path)
    {
        using var file = PlainFile.OpenRead(path);
        var isPacked = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        using var stream = isPacked ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        var most = isPacked ? Math.Min(MostBytes, Math.Max(SmallBytes, MostPacking * file.Length)) : file.Length;
        try
        {
            return Read(stream, most, path);
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException($"{path} is truncated: it ends before the values that its header announces.");
        }
        catch (InvalidDataException e) when (!e.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path} cannot be unpacked: {e.Message}");
        }
    }

    private static Tensor Read(Stream stream, long most, string path)
    {
        Span<byte> four = stackalloc byte[4];
        stream.ReadExactly(four);
        if (four[0] != 0 || four[1] != 0 || four[2] != 8)
            throw new InvalidDataException(
                $"{path} is no idx file of bytes: it starts with {Convert.ToHexString(four)}, expected 000008 and a rank.");
        var sizes = new long[four[3]];
        var extent = 1L;   // without the zeros: torch multiplies the other sizes of an empty tensor too
        for (var k = 0; k < sizes.Length; k++)
        {
            stream.ReadExactly(four);
            sizes[k] = BinaryPrimitives.ReadUInt32BigEndian(four);
            extent *= Math.Max(1, sizes[k]);
            if (extent > MostBytes)
                throw new InvalidDataException($"{path} announces more than {MostBytes:n0} values; its header is damaged.");
        }
        if (sizes.Length > MostDimensions)
            throw new InvalidDataException($"{path} announces {sizes.Length} dimensions; its header is damaged.");
        var count = sizes.Contains(0) ? 0 : extent;
        if (count > most)
            throw new InvalidDataException($"{path} is truncated, or its header is damaged: it announces {count:n0} values, and "
                + $"a file of its size holds at most {most:n0}.");
        if (sizes.Length == 0) throw new InvalidDataException($"{path} announces no dimensions.");
        var tensor = torch.empty(sizes, ScalarType.Byte);
        if (count > 0) stream.ReadExactly(tensor.bytes);
        if (stream.ReadByte() >= 0)
            throw new InvalidDataException($"{path} goes on after the {count:n0} values that its header announces.");
        return tensor;
    }
}
