using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>
/// Reads and writes the safetensors format: eight bytes of header length, a JSON header that names each tensor's dtype, shape and place, then
/// the values, little endian, row by row. There is no code in such a file; Python's safetensors reads and writes the same.
/// </summary>
public static class Safetensors
{
    private const long LargestHeader = 100_000_000;   // the limit of the format's reference implementation
    private const string MetadataKey = "__metadata__";

    private static readonly (ScalarType Type, string Name, int Bytes)[] Types =
    [
        (ScalarType.Bool, "BOOL", 1), (ScalarType.Byte, "U8", 1), (ScalarType.Int8, "I8", 1), (ScalarType.Int16, "I16", 2),
        (ScalarType.Int32, "I32", 4), (ScalarType.Int64, "I64", 8), (ScalarType.Float16, "F16", 2), (ScalarType.BFloat16, "BF16", 2),
        (ScalarType.Float32, "F32", 4), (ScalarType.Float64, "F64", 8),
    ];

    /// <summary>Writes tensors, from any device, in order of their names. The file is replaced as a whole or not at all.</summary>
    /// <exception cref="ArgumentException">A name is reserved, or a dtype is none of the format's.</exception>
    public static void Save(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        AtomicFile.Write(path, stream => Write(stream, tensors, metadata));
    }

    private static void Write(Stream stream, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var names = tensors.Keys.Order(StringComparer.Ordinal).ToArray();
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (key, value) in metadata) json.WriteString(key, value);
                json.WriteEndObject();
            }
            var offset = 0L;
            foreach (var name in names)
            {
                if (name == MetadataKey) throw new ArgumentException($"The name {MetadataKey} is reserved by the format.", nameof(tensors));
                var tensor = tensors[name];
                var (_, type, bytes) = Types.FirstOrDefault(t => t.Type == tensor.dtype);
                if (type is null) throw new ArgumentException($"Tensor {name} has dtype {tensor.dtype}, which safetensors cannot hold.", nameof(tensors));
                json.WriteStartObject(name);
                json.WriteString("dtype", type);
                json.WriteStartArray("shape");
                foreach (var size in tensor.shape) json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.numel() * bytes);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (header.Length % 8 != 0) header.WriteByte((byte)' ');   // values start aligned
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        header.WriteTo(stream);
        foreach (var name in names)
        {
            using var scope = NewDisposeScope();
            var tensor = tensors[name].detach().cpu().contiguous();
            if (tensor.numel() > 0) stream.Write(tensor.bytes);
        }
    }

    /// <summary>Reads all tensors, onto the CPU, and the metadata.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is truncated, is no safetensors file, or its header contradicts itself; the message says where.</exception>
    public static (Dictionary<string, Tensor> Tensors, Dictionary<string, string> Metadata) Load(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {path} to read tensors from.", path);
        using var stream = File.OpenRead(path);
        return Read(stream, path);
    }

    private static (Dictionary<string, Tensor> Tensors, Dictionary<string, string> Metadata) Read(Stream stream, string path)
    {
        if (stream.Length < 8) throw Broken(path, $"it has {stream.Length} bytes, and the header's length alone takes 8");
        Span<byte> prefix = stackalloc byte[8];
        stream.ReadExactly(prefix);
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > LargestHeader) throw Broken(path, $"its header claims {headerLength:n0} bytes, above the format's limit of {LargestHeader:n0}");
        if ((long)headerLength > stream.Length - 8)
            throw Broken(path, $"its header claims {headerLength:n0} bytes, but only {stream.Length - 8:n0} follow (truncated?)");
        var bytes = new byte[headerLength];
        stream.ReadExactly(bytes);
        var start = 8 + (long)headerLength;
        var metadata = new Dictionary<string, string>();
        var entries = new List<Entry>();
        try
        {
            using var json = JsonDocument.Parse(bytes);
            if (json.RootElement.ValueKind != JsonValueKind.Object) throw Broken(path, "its header is not a JSON object");
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (property.Name == MetadataKey)
                    foreach (var pair in property.Value.EnumerateObject()) metadata[pair.Name] = pair.Value.GetString() ?? "";
                else
                    entries.Add(Parse(property, path));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException)
        {
            throw Broken(path, $"its header cannot be read ({e.Message})");
        }
        var tensors = new Dictionary<string, Tensor>();
        var expected = 0L;
        foreach (var entry in entries.OrderBy(e => e.Begin))
        {
            if (entry.Begin != expected)
                throw Broken(path, $"tensor {entry.Name} starts at byte {entry.Begin}, but the one before it ends at {expected}");
            if (entry.End > stream.Length - start)
                throw Broken(path, $"tensor {entry.Name} ends at byte {entry.End} of {stream.Length - start} (truncated?)");
            if (!tensors.TryAdd(entry.Name, entry.Read(stream))) throw Broken(path, $"tensor {entry.Name} is there twice");
            expected = entry.End;
        }
        if (expected != stream.Length - start) throw Broken(path, $"{stream.Length - start - expected} bytes follow the last tensor");
        return (tensors, metadata);
    }

    private static Entry Parse(JsonProperty property, string path)
    {
        var name = property.Name;
        var typeName = property.Value.GetProperty("dtype").GetString();
        var type = Types.FirstOrDefault(t => t.Name == typeName);
        if (type.Name is null) throw Broken(path, $"tensor {name} has dtype {typeName}, which this reader does not know");
        var shape = property.Value.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64()).ToArray();
        var offsets = property.Value.GetProperty("data_offsets").EnumerateArray().Select(e => e.GetInt64()).ToArray();
        if (shape.Any(s => s < 0) || offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0])
            throw Broken(path, $"tensor {name} has shape [{string.Join(", ", shape)}] at bytes {string.Join(" to ", offsets)}");
        var claimed = shape.Aggregate((Int128)type.Bytes, (a, b) => a * b > long.MaxValue ? long.MaxValue : a * b);
        if (claimed != offsets[1] - offsets[0])
            throw Broken(path, $"tensor {name}, {typeName} of shape [{string.Join(", ", shape)}], takes {claimed} bytes, not {offsets[1] - offsets[0]}");
        return new(name, type.Type, shape, offsets[0], offsets[1]);
    }

    private static InvalidDataException Broken(string path, string why) => new($"{path} is not a sound safetensors file: {why}.");

    private sealed record Entry(string Name, ScalarType Type, long[] Shape, long Begin, long End)
    {
        internal Tensor Read(Stream stream)
        {
            var tensor = torch.empty(Shape, Type);
            if (End > Begin) stream.ReadExactly(tensor.bytes);
            return tensor;
        }
    }
}
