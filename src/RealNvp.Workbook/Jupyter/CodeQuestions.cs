using System.Text.Json.Nodes;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Jupyter;

/// <summary>Completion and inspection, from the client's words to those of the process that runs the cells and back.</summary>
internal sealed class CodeQuestions(CellWorker worker)
{
    internal JsonObject Complete(JupyterMessage request)
    {
        var code = request.TextOf("code");
        var cursor = CursorText.IndexOf(code, request.NumberOf("cursor_pos"));
        // A question must not end the process that the answer comes from.
        var produced = CodeBounds.Problem(code) is not null ? null
            : worker.AskAsync<Completions>(id => new AskCompletions(id, code, cursor)).GetAwaiter().GetResult();
        var (from, to) = (CursorText.CodePointsAt(code, produced?.Start ?? cursor), CursorText.CodePointsAt(code, cursor));
        var items = produced?.Items ?? [];
        return new JsonObject
        {
            ["status"] = "ok",
            ["matches"] = new JsonArray([.. items.Select(item => (JsonNode)item.Text)]),
            ["cursor_start"] = from,
            ["cursor_end"] = to,
            ["metadata"] = new JsonObject
            {
                ["_jupyter_types_experimental"] = new JsonArray([.. items.Select(item => (JsonNode)new JsonObject
                {
                    ["text"] = item.Text,
                    ["type"] = TypeOf(item.Kind),
                    ["start"] = from,
                    ["end"] = to,
                    ["signature"] = "",
                })]),
            },
        };
    }

    internal JsonObject Inspect(JupyterMessage request)
    {
        var code = request.TextOf("code");
        var cursor = CursorText.IndexOf(code, request.NumberOf("cursor_pos"));
        var description = CodeBounds.Problem(code) is not null ? null
            : worker.AskAsync<Description>(id => new AskDescription(id, code, cursor)).GetAwaiter().GetResult();
        var data = new JsonObject();
        foreach (var (mimeType, text) in description?.Data ?? []) data[mimeType] = text;
        return new JsonObject { ["status"] = "ok", ["found"] = data.Count > 0, ["data"] = data, ["metadata"] = new JsonObject() };
    }

    /// <summary>The kinds that clients have icons for.</summary>
    private static string TypeOf(string kind) => kind switch
    {
        "Method" or "ExtensionMethod" => "function",
        "Class" or "Structure" or "Interface" or "Enum" or "Delegate" => "class",
        "Namespace" => "module",
        "Keyword" => "keyword",
        "Property" or "Field" or "Event" => "property",
        _ => "instance",
    };
}
