using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace RealNvp.Workbook.Jupyter;

/// <summary>Messages to frames and back: HMAC-SHA256 over header, parent header, metadata and content.</summary>
internal sealed class MessageWire(string key, Action<string> log)
{
    private const int RememberedSignatures = 65_536;

    /// <summary>The most bytes of a header, which every answer repeats, and of a content.</summary>
    private const int MostHeaderBytes = 65_536, MostBytes = 16 << 20;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private static readonly byte[] Delimiter = "<IDS|MSG>"u8.ToArray();
    private static readonly JsonSerializerOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);
    private readonly string _session = Guid.NewGuid().ToString("N");
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>
    /// The message in the frames, or null for what is forged, unsigned, a repetition or no message; the log says which.
    /// </summary>
    internal JupyterMessage? Read(IReadOnlyList<byte[]> frames)
    {
        var at = frames.ToList().FindIndex(frame => frame.AsSpan().SequenceEqual(Delimiter));
        if (at < 0 || frames.Count < at + 6) return Drop($"{frames.Count} frames are no Jupyter message");
        if (_key.Length > 0 && !IsGenuine(frames[at + 1], frames.Skip(at + 2).Take(4))) return null;
        var (header, broken) = ReadObject(frames[at + 2], MostHeaderBytes);
        if (header is null) return Drop($"its header cannot be used: {broken}");
        var (content, problem) = ReadObject(frames[at + 5], MostBytes);
        return new JupyterMessage([.. frames.Take(at)], header, content ?? [], frames[at + 5].Length, problem);
    }

    /// <summary>An object whose every name and text can be read and written again; or why there is none.</summary>
    private static (JsonObject? Value, string? Problem) ReadObject(byte[] frame, int most)
    {
        if (frame.Length > most) return (null, $"it has {frame.Length} bytes, at most {most} are expected");
        try
        {
            if (!Utf8.IsValid(frame)) return (null, "it is not UTF-8");
            if (JsonNode.Parse(frame, null, Strict) is not JsonObject value) return (null, "a JSON object is expected");
            if (frame.AsSpan().IndexOf("\\u"u8) >= 0) Check(value);   // an escape may stand for half a character
            return (value, null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return (null, Shown.Text(e.Message));
        }
    }

    /// <exception cref="InvalidOperationException">A text has half of a surrogate pair.</exception>
    private static void Check(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject parts: foreach (var (_, part) in parts) Check(part); break;
            case JsonArray parts: foreach (var part in parts) Check(part); break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String: value.GetValue<string>(); break;
        }
    }

    internal List<byte[]> Write(string type, JsonObject content, JsonObject? parent, IReadOnlyList<byte[]> identities)
    {
        var header = new JsonObject
        {
            ["msg_id"] = Guid.NewGuid().ToString("N"),
            ["session"] = _session,
            ["username"] = "kernel",
            ["date"] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'",
                System.Globalization.CultureInfo.InvariantCulture),
            ["msg_type"] = type,
            ["version"] = "5.3",
        };
        byte[][] parts = [Bytes(header), parent is null ? "{}"u8.ToArray() : Bytes(parent), "{}"u8.ToArray(), Bytes(content)];
        return [.. identities, Delimiter, Encoding.ASCII.GetBytes(_key.Length > 0 ? Sign(parts) : ""), .. parts];
    }

    private bool IsGenuine(byte[] signature, IEnumerable<byte[]> parts)
    {
        var expected = Sign(parts);
        if (signature.Length == 0)
        {
            Drop("it is not signed");
            return false;
        }
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), signature))
        {
            Drop("its signature is wrong");
            return false;
        }
        lock (_seen)
        {
            if (!_seen.Add(expected))
            {
                Drop("it came before");
                return false;
            }
            _order.Enqueue(expected);
            if (_order.Count > RememberedSignatures) _seen.Remove(_order.Dequeue());
        }
        return true;
    }

    private string Sign(IEnumerable<byte[]> parts)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        foreach (var part in parts) hash.AppendData(part);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static byte[] Bytes(JsonObject json) => JsonSerializer.SerializeToUtf8Bytes(json, Format);

    private JupyterMessage? Drop(string reason)
    {
        log($"a message was dropped: {reason}");
        return null;
    }
}
