using System.Text.Json;
using System.Text.Json.Nodes;

namespace RealNvp.Workbook.Execution;

/// <summary>The outputs of a run as nbformat has them.</summary>
internal sealed class CellOutputs(int streamLimit)
{
    private readonly Dictionary<string, List<JsonObject>> _byDisplayId = new(StringComparer.Ordinal);
    private readonly Dictionary<JsonObject, StreamText> _streams = [];
    private readonly Dictionary<NotebookCell, JsonArray> _outputs = [];

    /// <summary>Takes away what an earlier run left.</summary>
    internal void Clear(NotebookCell cell)
    {
        cell.Json["execution_count"] = null;
        cell.Json["outputs"] = _outputs[cell] = [];
    }

    /// <summary>Text goes to the end of the last output if that is the same stream.</summary>
    internal void AddStream(NotebookCell cell, string name, string text)
    {
        var outputs = _outputs[cell];
        var stream = outputs.Count > 0 && outputs[^1] is JsonObject last && _streams.ContainsKey(last)
            && NotebookFile.Text(last["name"]) == name ? last : null;
        if (stream is null)
        {
            stream = new JsonObject { ["name"] = name, ["output_type"] = "stream" };
            _streams[stream] = new StreamText(streamLimit);
            outputs.Add((JsonNode)stream);
        }
        _streams[stream].Append(text);
    }

    internal void AddDisplay(NotebookCell cell, IReadOnlyDictionary<string, string> data, string? displayId)
    {
        var output = new JsonObject
        {
            ["data"] = Bundle(data),
            ["metadata"] = new JsonObject(),
            ["output_type"] = "display_data"
        };
        _outputs[cell].Add((JsonNode)output);
        if (displayId is null) return;
        if (!_byDisplayId.TryGetValue(displayId, out var shown)) _byDisplayId[displayId] = shown = [];
        shown.Add(output);
    }

    /// <summary>Replaces what was shown under that id, in whichever cell; an id that was never shown is shown here.</summary>
    internal void Update(NotebookCell cell, IReadOnlyDictionary<string, string> data, string displayId)
    {
        if (!_byDisplayId.TryGetValue(displayId, out var shown)) AddDisplay(cell, data, displayId);
        else foreach (var output in shown) output["data"] = Bundle(data);
    }

    internal void AddResult(NotebookCell cell, IReadOnlyDictionary<string, string> data, int executionCount) =>
        _outputs[cell].Add((JsonNode)new JsonObject
        {
            ["data"] = Bundle(data),
            ["execution_count"] = executionCount,
            ["metadata"] = new JsonObject(),
            ["output_type"] = "execute_result",
        });

    internal void AddError(NotebookCell cell, string kind, string message, string text) =>
        _outputs[cell].Add((JsonNode)new JsonObject
        {
            ["ename"] = kind,
            ["evalue"] = message,
            ["output_type"] = "error",
            ["traceback"] = new JsonArray([.. text.Split('\n').Select(line => (JsonNode)line)]),
        });

    /// <summary>Puts the streams' texts into the document.</summary>
    internal void Finish()
    {
        foreach (var (output, text) in _streams) output["text"] = Lines(text.ToString());
    }

    private static JsonObject Bundle(IReadOnlyDictionary<string, string> data)
    {
        var bundle = new JsonObject();
        foreach (var (mimeType, value) in data.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            bundle[mimeType] = Value(mimeType, value);
        return bundle;
    }

    /// <summary>JSON types hold JSON; text is a list of lines; what is neither (base64) is a string.</summary>
    private static JsonNode? Value(string mimeType, string value)
    {
        if (mimeType == "application/json" || mimeType.EndsWith("+json", StringComparison.Ordinal))
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
        return mimeType.StartsWith("text/", StringComparison.Ordinal) || mimeType is "image/svg+xml" or "application/javascript"
            ? Lines(value) : value;
    }

    private static JsonArray Lines(string text)
    {
        var lines = new JsonArray();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start) is var found and >= 0 ? found + 1 : text.Length;
            lines.Add((JsonNode)text[start..end]);
            start = end;
        }
        return lines;
    }
}
