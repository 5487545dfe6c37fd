using System.Text.Json;

namespace RealNvp.Flows.Training;

/// <summary>Takes a safetensors header's JSON apart, token by token: it grows no tree that is larger than the text.</summary>
internal sealed class SafetensorsJson(string path)
{
    private const int MostDimensions = 64;   // torch's own limit

    private readonly Dictionary<string, string> metadata = [];
    private readonly List<SafetensorsEntry> entries = [];
    private readonly List<long> numbers = [];
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">It contradicts itself.</exception>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A value is of another kind than the format's.</exception>
    /// <exception cref="FormatException">A size is not a whole number of 64 bits.</exception>
    internal (Dictionary<string, string> Metadata, List<SafetensorsEntry> Entries) Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw Broken("its header is not a JSON object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (!names.Add(name)) throw Broken($"{Shown.Text(name)} is there twice");
            if (names.Count > SafetensorsHeader.MostTensors + 1)
                throw Broken($"it names more than {SafetensorsHeader.MostTensors:n0} tensors");
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) throw Broken($"{Shown.Text(name)} is not a JSON object");
            if (name == SafetensorsHeader.MetadataKey) ReadMetadata(ref reader);
            else entries.Add(Entry(ref reader, name));
        }
        reader.Read();   // throws where something follows
        return (metadata, entries);
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String) throw Broken($"the metadata {Shown.Text(key)} are not a text");
            if (metadata.Count == SafetensorsHeader.MostTexts)
                throw Broken($"its metadata hold more than {SafetensorsHeader.MostTexts:n0} texts");
            if (!metadata.TryAdd(key, reader.GetString()!)) throw Broken($"the metadata {Shown.Text(key)} are there twice");
        }
    }

    private SafetensorsEntry Entry(ref Utf8JsonReader reader, string name)
    {
        string? type = null;
        long[]? shape = null, offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var property = reader.GetString()!;
            reader.Read();
            if (property switch { "dtype" => type, "shape" => shape, "data_offsets" => offsets, _ => (object?)null } is not null)
                throw Broken($"tensor {Shown.Text(name)} has {property} twice");
            if (property == "dtype") type = reader.GetString();
            else if (property == "shape") shape = Numbers(ref reader, name);
            else if (property == "data_offsets") offsets = Numbers(ref reader, name);
            else reader.Skip();
        }
        return Checked(name, type, shape, offsets);
    }

    private long[] Numbers(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw Broken($"tensor {Shown.Text(name)} lacks a list of numbers");
        numbers.Clear();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (numbers.Count == MostDimensions)
                throw Broken($"tensor {Shown.Text(name)} has more than {MostDimensions} dimensions");
            numbers.Add(reader.GetInt64());
        }
        return [.. numbers];
    }

    private SafetensorsEntry Checked(string name, string? typeName, long[]? shape, long[]? offsets)
    {
        if (typeName is null || shape is null || offsets is null)
            throw Broken($"its header cannot be read ({Tensor()} lacks dtype, shape or data_offsets)");
        if (SafetensorsTypes.Named(typeName) is not { } type)
            throw Broken($"{Tensor()} has dtype {Shown.Text(typeName, 50)}, which this reader does not know");
        if (shape.Any(s => s < 0) || offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0])
            throw Broken($"{Tensor()} has shape {Shape()} at bytes {Shown.Text(string.Join(" to ", offsets), 50)}");
        // Without the zeros: torch multiplies the other sizes of an empty tensor too.
        var extent = shape.Where(s => s > 0).Aggregate((Int128)type.Bytes, (a, b) => a > long.MaxValue ? a : a * b);
        if (extent > long.MaxValue) throw Broken($"{Tensor()} of shape {Shape()} takes more bytes than can be counted");
        var claimed = shape.Contains(0) ? 0 : extent;
        if (claimed != offsets[1] - offsets[0])
            throw Broken($"{Tensor()}, {typeName} of shape {Shape()}, takes {claimed} bytes, not {offsets[1] - offsets[0]}");
        return new(name, type.Type, shape, offsets[0], offsets[1]);

        string Tensor() => $"tensor {Shown.Text(name, 100)}";

        string Shape() => Shown.Text(Shapes.Text(shape), 50);
    }

    private InvalidDataException Broken(string why) => SafetensorsHeader.Broken(path, why);
}
