using System.IO.Enumeration;
using System.Text.Json.Nodes;

namespace RealNvp.Workbook.Jupyter;

/// <summary>The cells of a session.</summary>
internal sealed class CellHistory
{
    private const long MostCharacters = 16_000_000;

    private readonly Queue<(int Count, string Code)> _cells = new();
    private long _characters;

    /// <summary>Adds a cell; the first ones go where all together are too long.</summary>
    internal void Add(int count, string code)
    {
        lock (_cells)
        {
            _cells.Enqueue((count, code));
            for (_characters += code.Length; _characters > MostCharacters;) _characters -= _cells.Dequeue().Code.Length;
        }
    }

    /// <summary>The cells as (session, line, code): the last ones, a range, or those that match a pattern.</summary>
    internal JsonArray Find(JupyterMessage request)
    {
        IEnumerable<(int Count, string Code)> cells;
        lock (_cells) cells = [.. _cells];
        var n = request.NumberOf("n");
        switch (request.TextOf("hist_access_type"))
        {
            case "range":
                var (start, stop) = (request.NumberOf("start"), request.NumberOf("stop"));
                cells = cells.Where(cell => cell.Count >= start && (stop == 0 || cell.Count < stop));
                break;
            case "search":
                var pattern = request.TextOf("pattern");
                cells = cells.Where(cell => FileSystemName.MatchesSimpleExpression(pattern, cell.Code, ignoreCase: false));
                if (request.Is("unique")) cells = cells.Reverse().DistinctBy(cell => cell.Code).Reverse();
                if (n > 0) cells = cells.TakeLast(n);
                break;
            default:
                if (n > 0) cells = cells.TakeLast(n);
                break;
        }
        var output = request.Is("output");
        return [.. cells.Select(cell =>
            (JsonNode)new JsonArray(0, cell.Count, output ? new JsonArray(cell.Code, null) : cell.Code))];
    }
}
