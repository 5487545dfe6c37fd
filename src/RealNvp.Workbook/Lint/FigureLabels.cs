using System.Text.Json.Nodes;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Lint;

/// <summary>
/// Figures in an executed copy: each has a title, and every axis with numbers on it says what they are, itself or at the edge of
/// its panels.
/// </summary>
internal static class FigureLabels
{
    private const string Plotly = "application/vnd.plotly.v1+json";

    /// <summary>Traces that have no axes, or whose axes carry no numbers.</summary>
    private static readonly HashSet<string> WithoutAxes =
        new(StringComparer.Ordinal) { "pie", "indicator", "table", "sankey", "sunburst", "treemap", "parcoords", "parcats",
        "image" };

    internal static IEnumerable<(int Cell, string Message)> Unlabelled(NotebookFile executed) =>
        from cell in executed.Cells
        where cell.IsCode && cell.Json["outputs"] is JsonArray
        from output in cell.Json["outputs"]!.AsArray()
        let figure = ((output as JsonObject)?["data"] as JsonObject)?[Plotly] as JsonObject
        where figure is not null
        from message in Unlabelled(figure)
        select (cell.Number, message);

    internal static IEnumerable<string> Unlabelled(JsonObject figure)
    {
        var layout = figure["layout"] as JsonObject ?? [];
        var title = TitleOf(layout);
        if (title.Length == 0) yield return "a figure has no title";
        var name = title.Length == 0 ? "a figure" : $"the figure \"{title}\"";
        var traces = (figure["data"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        if (traces.Count == 0) yield return $"{name} is empty";
        foreach (var axis in traces.SelectMany(AxesOf).Distinct(StringComparer.Ordinal))
            if (!IsLabelled(layout, axis)) yield return $"{name} has an axis without a label ({axis})";
    }

    private static IEnumerable<string> AxesOf(JsonObject trace)
    {
        var type = NotebookFile.Text(trace["type"]);
        if (WithoutAxes.Contains(type)) return [];
        if (type.EndsWith("3d", StringComparison.Ordinal)
            || type is "surface" or "cone" or "streamtube" or "isosurface" or "volume")
        {
            var scene = NotebookFile.Text(trace["scene"]) is { Length: > 0 } named ? named : "scene";
            return [$"{scene}.xaxis", $"{scene}.yaxis", $"{scene}.zaxis"];
        }
        return [Named("x", trace), Named("y", trace)];
    }

    // A trace says "x2", the layout "xaxis2".
    private static string Named(string letter, JsonObject trace) =>
        NotebookFile.Text(trace[letter + "axis"]) is { Length: > 1 } named ? $"{letter}axis{named[1..]}" : $"{letter}axis";

    private static bool IsLabelled(JsonObject layout, string path)
    {
        JsonNode? node = layout;
        foreach (var step in path.Split('.')) node = (node as JsonObject)?[step];
        if (node is not JsonObject axis) return false;
        if (TitleOf(axis).Length > 0 || IsFalse(axis["visible"]) || IsFalse(axis["showticklabels"])) return true;
        // Panels side by side, or that share an axis, are labelled once, at the edge.
        return path.Contains("axis", StringComparison.Ordinal) && !path.Contains('.')
            && layout.Any(other => other.Key.StartsWith(path[..5], StringComparison.Ordinal) && other.Value is JsonObject edge
                && TitleOf(edge).Length > 0);
    }

    private static bool IsFalse(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var flag) && !flag;

    private static string TitleOf(JsonObject node) =>
        (node["title"] is JsonObject title ? NotebookFile.Text(title["text"]) : NotebookFile.Text(node["title"])).Trim();
}
