using System.Text.Json.Nodes;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Book;

/// <summary>One output of a code cell.</summary>
/// <param name="Kind">stream, display_data, execute_result or error.</param>
/// <param name="Stream">Of a stream, stdout or stderr.</param>
/// <param name="Text">Of a stream or an error, the text.</param>
/// <param name="Data">Of the others: MIME type to content, JSON types as JSON.</param>
internal sealed record CellOutput(string Kind, string Stream, string Text, IReadOnlyDictionary<string, string> Data)
{
    /// <summary>What a code cell put out; nothing where the cell is none.</summary>
    public static IEnumerable<CellOutput> AllOf(NotebookCell cell) =>
        (cell.Json["outputs"] as JsonArray ?? []).OfType<JsonObject>().Select(Of);

    private static CellOutput Of(JsonObject output)
    {
        var kind = NotebookFile.Text(output["output_type"]);
        Dictionary<string, string> data = [];
        foreach ((var mime, var content) in output["data"] as JsonObject ?? [])
            data[mime] = content is JsonObject ? content.ToJsonString() : NotebookFile.Text(content);
        var text = kind == "error"
            ? $"{NotebookFile.Text(output["ename"])}: {NotebookFile.Text(output["evalue"])}"
            : NotebookFile.Text(output["text"]);
        return new CellOutput(kind, NotebookFile.Text(output["name"]) is { Length: > 0 } name ? name : "stdout", text, data);
    }
}
