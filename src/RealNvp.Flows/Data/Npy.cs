using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Data;

/// <summary>Reads numpy's .npy format (versions 1 to 3): little-endian numbers, rows first.</summary>
public static partial class Npy
{
    private static readonly byte[] Magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    private static readonly Dictionary<string, ScalarType> Types = new()
    {
        ["|b1"] = ScalarType.Bool,
        ["|u1"] = ScalarType.Byte,
        ["|i1"] = ScalarType.Int8,
        ["<i2"] = ScalarType.Int16,
        ["<i4"] = ScalarType.Int32,
        ["<i8"] = ScalarType.Int64,
        ["<f2"] = ScalarType.Float16,
        ["<f4"] = ScalarType.Float32,
        ["<f8"] = ScalarType.Float64,
    };

    /// <summary>Reads one array.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no .npy file that this reader knows, or it is truncated; the message says how.</exception>
    public static Tensor Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no data file {path}.", path);
        using var stream = File.OpenRead(path);
        try
        {
            return Read(stream, path);
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException($"{path} is truncated.");
        }
    }

    private static Tensor Read(Stream stream, string path)
    {
        Span<byte> start = stackalloc byte[8];
        stream.ReadExactly(start);
        if (!start[..6].SequenceEqual(Magic)) throw new InvalidDataException($"{path} is no .npy file: its first bytes are {Convert.ToHexString(start[..6])}.");
        if (start[6] is < 1 or > 3) throw new InvalidDataException($"{path} is of .npy version {start[6]}; this reader knows 1 to 3.");
        Span<byte> size = stackalloc byte[start[6] == 1 ? 2 : 4];
        stream.ReadExactly(size);
        var length = size.Length == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(size) : BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (length > stream.Length) throw new InvalidDataException($"{path} is truncated: its header claims {length} bytes.");
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        var header = Encoding.UTF8.GetString(bytes);
        var type = DescrPattern().Match(header);
        var shape = ShapePattern().Match(header);
        if (!type.Success || !shape.Success) throw new InvalidDataException($"{path} has a header that this reader cannot understand: {header.Trim()}");
        if (!Types.TryGetValue(type.Groups[1].Value, out var dtype))
            throw new InvalidDataException($"{path} holds numbers of type {type.Groups[1].Value}; this reader knows {string.Join(", ", Types.Keys)}.");
        if (header.Contains("'fortran_order': True", StringComparison.Ordinal))
            throw new InvalidDataException($"{path} is stored by columns; save it with numpy.ascontiguousarray.");
        var sizes = shape.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(s => long.TryParse(s, CultureInfo.InvariantCulture, out var size) ? size : throw new InvalidDataException($"{path} announces a size of {s}; its header is damaged."))
            .ToArray();
        var count = sizes.Aggregate((Int128)1, (a, b) => b == 0 ? 0 : a > long.MaxValue / b ? long.MaxValue : a * b);
        var wanted = count * dtype.ElementSize();
        if (wanted != stream.Length - stream.Position)
            throw new InvalidDataException(
                $"{path} holds {stream.Length - stream.Position} bytes of values, but {dtype} of shape {Shapes.Text(sizes)} takes {wanted} (truncated?).");
        var tensor = torch.empty(sizes, dtype);
        if (count > 0) stream.ReadExactly(tensor.bytes);
        return tensor;
    }

    [GeneratedRegex(@"'descr'\s*:\s*'([^']*)'")]
    private static partial Regex DescrPattern();

    [GeneratedRegex(@"'shape'\s*:\s*\(([0-9,\s]*)\)")]
    private static partial Regex ShapePattern();
}
