using System.Buffers.Binary;
using System.IO.Compression;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Data;

/// <summary>Reads the idx format of MNIST and its kin, packed by gzip or not: two zero bytes, a type, a rank, big-endian sizes, then the values.</summary>
public static class Idx
{
    private const long LargestBytes = 1L << 31;

    /// <summary>Reads an array of unsigned bytes.</summary>
    /// <param name="path">The file; a name that ends in .gz is unpacked.</param>
    /// <returns>[sizes], uint8.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no idx file of bytes, or it is truncated or too long; the message says how.</exception>
    public static Tensor Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no data file {path}.", path);
        using var file = File.OpenRead(path);
        using var stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        try
        {
            return Read(stream, path);
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

    private static Tensor Read(Stream stream, string path)
    {
        Span<byte> four = stackalloc byte[4];
        stream.ReadExactly(four);
        if (four[0] != 0 || four[1] != 0 || four[2] != 8)
            throw new InvalidDataException($"{path} is no idx file of bytes: it starts with {Convert.ToHexString(four)}, expected 000008 and a rank.");
        var sizes = new long[four[3]];
        var count = 1L;
        for (var k = 0; k < sizes.Length; k++)
        {
            stream.ReadExactly(four);
            sizes[k] = BinaryPrimitives.ReadUInt32BigEndian(four);
            count *= sizes[k];
            if (count > LargestBytes) throw new InvalidDataException($"{path} announces more than {LargestBytes:n0} values; its header is damaged.");
        }
        if (sizes.Length == 0) throw new InvalidDataException($"{path} announces no dimensions.");
        var tensor = torch.empty(sizes, ScalarType.Byte);
        if (count > 0) stream.ReadExactly(tensor.bytes);
        if (stream.ReadByte() >= 0) throw new InvalidDataException($"{path} goes on after the {count:n0} values that its header announces.");
        return tensor;
    }
}
