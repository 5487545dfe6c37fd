using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;

namespace RealNvp.Workbook.Jupyter;

/// <summary>Completion and inspection, from the client's words to the kernel's and back.</summary>
internal sealed class CodeQuestions(CompositeKernel kernel)
{
    internal JsonObject Complete(JupyterMessage request)
    {
        var code = request.TextOf("code");
        var cursor = CursorText.IndexOf(code, request.NumberOf("cursor_pos"));
        var produced = Ask<CompletionsProduced>(new RequestCompletions(code, CursorText.PositionOf(code, cursor)));
        var start = produced?.LinePositionSpan is { } span ? CursorText.IndexOf(code, span.Start) : cursor;
        var (from, to) = (CursorText.CodePointsAt(code, start), CursorText.CodePointsAt(code, cursor));
        var items = produced?.Completions.ToList() ?? [];
        return new JsonObject
        {
            ["status"] = "ok",
            ["matches"] = new JsonArray([.. items.Select(item => (JsonNode)item.InsertText)]),
            ["cursor_start"] = from,
            ["cursor_end"] = to,
            ["metadata"] = new JsonObject
            {
                ["_jupyter_types_experimental"] = new JsonArray([.. items.Select(item => (JsonNode)new JsonObject
                {
                    ["text"] = item.InsertText,
                    ["type"] = TypeOf(item.Kind),
                    ["start"] = from,
                    ["end"] = to,
                    ["signature"] = item.Documentation ?? "",
                })]),
            },
        };
    }

    internal JsonObject Inspect(JupyterMessage request)
    {
        var code = request.TextOf("code");
        var cursor = CursorText.IndexOf(code, request.NumberOf("cursor_pos"));
        var produced = Ask<HoverTextProduced>(new RequestHoverText(code, CursorText.PositionOf(code, cursor)));
        var data = new JsonObject();
        foreach (var text in produced?.Content ?? []) data[text.MimeType] = text.Value;
        return new JsonObject { ["status"] = "ok", ["found"] = data.Count > 0, ["data"] = data, ["metadata"] = new JsonObject() };
    }

    private T? Ask<T>(LanguageServiceCommand command) where T : KernelEvent =>
        kernel.SendAsync(command).GetAwaiter().GetResult().Events.OfType<T>().FirstOrDefault();

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
