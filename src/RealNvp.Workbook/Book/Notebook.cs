using System.Text.Json;
using System.Text.Json.Nodes;

namespace RealNvp.Workbook.Book;

/// <summary>What the book needs of an .ipynb: its cells in order, with their outputs.</summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Cells">The cells.</param>
internal sealed record Notebook(string Name, IReadOnlyList<NotebookCell> Cells)
{
    /// <exception cref="UserException">The file is not a notebook.</exception>
    public static Notebook Read(string path)
    {
        try
        {
            JsonNode root = JsonNode.Parse(File.ReadAllText(path)) ?? throw new JsonException("the file is empty");
            JsonArray cells = root["cells"] as JsonArray ?? throw new JsonException("it has no list of cells");
            return new Notebook(Path.GetFileNameWithoutExtension(path), [.. cells.Select(cell => NotebookCell.Of(cell!))]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new UserException($"{path} is not a notebook (.ipynb, nbformat 4): {e.Message}", e);
        }
    }
}

/// <summary>A cell.</summary>
/// <param name="Kind">markdown, code or raw.</param>
/// <param name="Source">Its text.</param>
/// <param name="Outputs">Of a code cell, what it put out.</param>
/// <param name="Attachments">Pictures in a markdown cell: name to data address.</param>
internal sealed record NotebookCell(string Kind, string Source, IReadOnlyList<CellOutput> Outputs, IReadOnlyDictionary<string, string> Attachments)
{
    public static NotebookCell Of(JsonNode cell) => new(
        (string)cell["cell_type"]!,
        Text(cell["source"]),
        cell["outputs"] is JsonArray outputs ? [.. outputs.Select(output => CellOutput.Of(output!))] : [],
        AttachmentsOf(cell["attachments"] as JsonObject));

    // nbformat keeps a long text as a list of lines.
    internal static string Text(JsonNode? text) => text switch
    {
        null => "",
        JsonArray lines => string.Concat(lines.Select(line => (string)line!)),
        JsonValue value when value.TryGetValue(out string? single) => single,
        _ => text.ToJsonString(),
    };

    private static Dictionary<string, string> AttachmentsOf(JsonObject? attachments)
    {
        Dictionary<string, string> addresses = [];
        foreach ((string name, JsonNode? types) in attachments ?? [])
            if (types is JsonObject { Count: > 0 } pictures)
                addresses[name] = $"data:{pictures.First().Key};base64,{Text(pictures.First().Value).ReplaceLineEndings("")}";
        return addresses;
    }
}

/// <summary>One output of a code cell.</summary>
/// <param name="Kind">stream, display_data, execute_result or error.</param>
/// <param name="Stream">Of a stream, stdout or stderr.</param>
/// <param name="Text">Of a stream or an error, the text.</param>
/// <param name="Data">Of the others: MIME type to content.</param>
internal sealed record CellOutput(string Kind, string Stream, string Text, IReadOnlyDictionary<string, string> Data)
{
    public static CellOutput Of(JsonNode output)
    {
        string kind = (string)output["output_type"]!;
        Dictionary<string, string> data = [];
        foreach ((string mime, JsonNode? content) in output["data"] as JsonObject ?? []) data[mime] = NotebookCell.Text(content);
        string text = kind == "error"
            ? $"{(string?)output["ename"]}: {(string?)output["evalue"]}"
            : NotebookCell.Text(output["text"]);
        return new CellOutput(kind, (string?)output["name"] ?? "stdout", text, data);
    }
}
