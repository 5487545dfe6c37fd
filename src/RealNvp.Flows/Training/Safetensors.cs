using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>
/// Reads and writes the safetensors format: eight bytes of header length, a JSON header that names each tensor's dtype, shape and
/// place, then the values, little endian, row by row. There is no code in such a file; Python's safetensors reads and writes the
/// same.
/// </summary>
public static class Safetensors
{
    /// <summary>
    /// Writes tensors, from any device, in order of their names. The file is replaced as a whole or not at all.
    /// </summary>
    /// <exception cref="ArgumentException">A name is reserved, a dtype is none of the format's, or names and metadata take more
    /// than the 32 MiB that <see cref="Load"/> reads of them.</exception>
    public static void Save(string path, IReadOnlyDictionary<string, Tensor> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        AtomicFile.Write(path, stream => Write(stream, tensors, metadata));
    }

    internal static void Write(Stream stream, IReadOnlyDictionary<string, Tensor> tensors,
        IReadOnlyDictionary<string, string>? metadata)
    {
        var names = tensors.Keys.Order(StringComparer.Ordinal).ToArray();
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(SafetensorsHeader.MetadataKey);
                foreach (var (key, value) in metadata) json.WriteString(key, value);
                json.WriteEndObject();
            }
            var offset = 0L;
            foreach (var name in names)
            {
                if (name == SafetensorsHeader.MetadataKey)
                    throw new ArgumentException($"The name {name} is reserved by the format.", nameof(tensors));
                var tensor = tensors[name];
                if (SafetensorsTypes.Of(tensor.dtype) is not var (type, bytes))
                    throw new ArgumentException($"Tensor {name} has dtype {tensor.dtype}, which safetensors cannot hold.",
                        nameof(tensors));
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
        if (header.Length > SafetensorsHeader.MostBytes || names.Length > SafetensorsHeader.MostTensors
            || metadata?.Count > SafetensorsHeader.MostTexts)
            throw new ArgumentException($"Names and metadata of {names.Length:n0} tensors take {header.Length:n0} bytes; a file "
                + $"holds at most {SafetensorsHeader.MostTensors:n0} tensors, {SafetensorsHeader.MostTexts:n0} metadata, and "
                + $"{SafetensorsHeader.MostBytes:n0} bytes of these.", nameof(tensors));
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        header.WriteTo(stream);
        foreach (var name in names)
        {
            using var scope = NewDisposeScope();
            var tensor = tensors[name].detach().cpu().contiguous();
            TensorBytes.Write(stream, tensor);
        }
    }

    /// <summary>Reads all tensors, onto the CPU, and the metadata; it takes about as much memory as the file has.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is truncated, is no safetensors file, or its header contradicts itself, or
    /// has more than 32 MiB, 100,000 tensors or 10,000 metadata; the message says where.</exception>
    public static (Dictionary<string, Tensor> Tensors, Dictionary<string, string> Metadata) Load(string path)
    {
        using var stream = PlainFile.OpenRead(path);
        var header = SafetensorsHeader.Read(stream, path);
        return (Values(stream, header, path), header.Metadata);
    }

    /// <summary>Reads the tensors of a header that was read from the same stream.</summary>
    internal static Dictionary<string, Tensor> Values(Stream stream, SafetensorsHeader header, string path)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        try
        {
            stream.Position = header.Start;
            foreach (var entry in header.Entries)
            {
                var tensor = tensors[entry.Name] = torch.empty(entry.Shape, entry.Type);
                TensorBytes.Read(stream, tensor);
            }
        }
        catch (EndOfStreamException)
        {
            throw SafetensorsHeader.Broken(path, "it became shorter while it was read");
        }
        scope.MoveToOuter(tensors.Values);
        return tensors;
    }
}
