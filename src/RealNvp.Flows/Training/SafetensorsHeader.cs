using System.Buffers.Binary;
using System.Text.Json;

namespace RealNvp.Flows.Training;

/// <summary>What a safetensors file says of itself, held against its length: nothing in it is larger than the file.</summary>
/// <param name="Metadata">The texts by key.</param>
/// <param name="Entries">The tensors, in order of their places.</param>
/// <param name="Start">Where the values begin, in bytes.</param>
internal sealed record SafetensorsHeader(Dictionary<string, string> Metadata, IReadOnlyList<SafetensorsEntry> Entries, long Start)
{
    internal const long MostBytes = 1 << 25;
    internal const int MostTensors = 100_000;
    internal const int MostTexts = 10_000;
    internal const string MetadataKey = "__metadata__";

    /// <summary>Each tensor's shape, by name.</summary>
    internal Dictionary<string, long[]> Shapes => Entries.ToDictionary(e => e.Name, e => e.Shape);

    /// <summary>Reads a file's header; its values are not touched.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no sound safetensors file.</exception>
    internal static SafetensorsHeader Of(string path)
    {
        using var stream = PlainFile.OpenRead(path);
        return Read(stream, path);
    }

    /// <inheritdoc cref="Of"/>
    internal static SafetensorsHeader Read(Stream stream, string path)
    {
        if (stream.Length < 8) throw Broken(path, $"it has {stream.Length} bytes, and the header's length alone takes 8");
        Span<byte> prefix = stackalloc byte[8];
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MostBytes)
            throw Broken(path, $"its header claims {length:n0} bytes, above this reader's limit of {MostBytes:n0}");
        if ((long)length > stream.Length - 8)
            throw Broken(path, $"its header claims {length:n0} bytes, but only {stream.Length - 8:n0} follow (truncated?)");
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        try
        {
            var (metadata, entries) = new SafetensorsJson(path).Read(bytes);
            entries.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
            RequireNoGaps(entries, stream.Length - 8 - (long)length, path);
            return new(metadata, entries, 8 + (long)length);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw Broken(path, $"its header cannot be read ({Shown.Text(e.Message)})");
        }
    }

    private static void RequireNoGaps(List<SafetensorsEntry> entries, long bytes, string path)
    {
        var expected = 0L;
        foreach (var entry in entries)
        {
            if (entry.Begin != expected)
                throw Broken(path, $"tensor {Shown.Text(entry.Name)} starts at byte {entry.Begin}, but the one before it "
                    + $"ends at {expected}");
            if (entry.End > bytes)
                throw Broken(path, $"tensor {Shown.Text(entry.Name)} ends at byte {entry.End} of {bytes} (truncated?)");
            expected = entry.End;
        }
        if (expected != bytes) throw Broken(path, $"{bytes - expected} bytes follow the last tensor");
    }

    internal static InvalidDataException Broken(string path, string why) =>
        new($"{path} is not a sound safetensors file: {why}.");
}

/// <summary>A tensor in a file: its bytes are those from Begin to End, counted from where the values begin.</summary>
internal sealed record SafetensorsEntry(string Name, TorchSharp.torch.ScalarType Type, long[] Shape, long Begin, long End);
