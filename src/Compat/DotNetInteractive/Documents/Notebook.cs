using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.DotNet.Interactive.Documents.Jupyter;

/// <summary>Reads .ipynb.</summary>
public static class Notebook
{
    /// <exception cref="JsonException">The text is not JSON.</exception>
    /// <exception cref="FormatException">The JSON is not a notebook.</exception>
    public static InteractiveDocument Parse(string json)
    {
        var document = new InteractiveDocument();
        if (JsonNode.Parse(json) is not JsonObject root || root["cells"] is not JsonArray cells)
            throw new FormatException("an object with cells is expected (nbformat 4)");
        foreach (var (name, value) in root["metadata"] as JsonObject ?? []) document.Metadata[name] = ToPlain(value)!;
        foreach (var cell in cells.OfType<JsonObject>())
        {
            var kernel = Text(cell["cell_type"]) switch
            {
                "markdown" => "markdown",
                "raw" => "raw",
                _ => Text(cell["metadata"]?["polyglot_notebook"]?["kernelName"]) is { Length: > 0 } name ? name
                    : Text(cell["metadata"]?["dotnet_interactive"]?["language"]) is { Length: > 0 } language ? language : "csharp",
            };
            var element = new InteractiveDocumentElement(Text(cell["source"]), kernel) { Id = Text(cell["id"]) };
            foreach (var (name, value) in cell["metadata"] as JsonObject ?? []) element.Metadata[name] = ToPlain(value)!;
            document.Add(element);
        }
        return document;
    }

    private static string Text(JsonNode? node) => node switch
    {
        JsonArray lines => string.Concat(lines.Select(Text)),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => "",
    };

    private static object? ToPlain(JsonNode? node) => node switch
    {
        JsonObject fields => fields.ToDictionary(field => field.Key, field => ToPlain(field.Value)!),
        JsonArray items => items.Select(ToPlain).ToArray(),
        JsonValue value => value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>(),
            JsonValueKind.Number => value.GetValue<double>(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        },
        _ => null,
    };
}
