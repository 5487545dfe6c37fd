using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RealNvp.Workbook.Jupyter;

/// <summary>
/// What every client sees. Printed text is gathered for a moment, since a message a line drowns a client; it never comes after
/// what was shown later.
/// </summary>
internal sealed class IOPub : IDisposable
{
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(25);

    private readonly KernelSockets _sockets;
    private readonly MessageWire _wire;
    private readonly Timer _timer;
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private string _name = "stdout";
    private JsonObject? _parent;

    internal IOPub(KernelSockets sockets, MessageWire wire)
    {
        (_sockets, _wire) = (sockets, wire);
        _timer = new Timer(_ => Flush());
    }

    internal void Send(string type, JsonObject content, JsonObject? parent)
    {
        lock (_gate)
        {
            SendText();
            SendNow(type, content, parent);
        }
    }

    internal void Write(string name, string text, JsonObject? parent)
    {
        lock (_gate)
        {
            if (_text.Length > 0 && (_name != name || _parent != parent)) SendText();
            if (_text.Length == 0) _timer.Change(Gathering, Timeout.InfiniteTimeSpan);
            (_name, _parent) = (name, parent);
            _text.Append(text);
            if (_text.Length > 64 * 1024) SendText();
        }
    }

    internal void Flush()
    {
        lock (_gate) SendText();
    }

    public void Dispose() => _timer.Dispose();

    private void SendText()
    {
        if (_text.Length == 0) return;
        SendNow("stream", new JsonObject { ["name"] = _name, ["text"] = _text.ToString() }, _parent);
        _text.Clear();
    }

    private void SendNow(string type, JsonObject content, JsonObject? parent) =>
        _sockets.Send(KernelSocket.IOPub, _wire.Write(type, content, parent, [Encoding.UTF8.GetBytes($"kernel.{type}")]));

    /// <summary>
    /// A bundle as messages have it: JSON types hold JSON, everything else is a string; too much is cut, with a notice.
    /// </summary>
    internal static JsonObject Bundle(IReadOnlyDictionary<string, string> data, int limit)
    {
        var bundle = new JsonObject();
        foreach (var (mimeType, value) in data)
        {
            if (value.Length > limit)
                bundle["text/plain"] = $"{value[..Math.Min(1000, value.Length)]}\n... (an output of {value.Length} characters "
                    + $"as {mimeType} is over the limit of {limit} and was cut)";
            else if (mimeType == "application/json" || mimeType.EndsWith("+json", StringComparison.Ordinal))
                bundle[mimeType] = ParseOr(value);
            else bundle[mimeType] = value;
        }
        return bundle;
    }

    private static JsonNode? ParseOr(string value)
    {
        try
        {
            return JsonNode.Parse(value);
        }
        catch (JsonException)
        {
            return value;
        }
    }
}
