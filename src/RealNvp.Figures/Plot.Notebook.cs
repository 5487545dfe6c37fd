using System.Text.Json;
using System.Text.Json.Nodes;
using Plotly.NET;

namespace RealNvp.Figures;

public sealed partial class Plot
{
    /// <summary>{"data": [...], "layout": {...}, "config": {...}, "frames": [...]}: the content of application/vnd.plotly.v1+json.</summary>
    public string ToJson()
    {
        string json = GenericChart.toJson(Chart);
        if (Frames.Count == 0) return json;
        JsonNode figure = JsonNode.Parse(json)!;
        JsonArray frames = [];
        foreach ((string name, IReadOnlyList<Props> traces) in Frames)
        {
            JsonNode data = JsonNode.Parse(GenericChart.toJson(ToChart(traces, [])))!["data"]!;
            frames.Add(new JsonObject { ["name"] = name, ["data"] = data.DeepClone(), ["traces"] = new JsonArray([.. Enumerable.Range(0, traces.Count).Select(i => (JsonNode)i)]) });
        }
        figure["frames"] = frames;
        return figure.ToJsonString(Relaxed).Replace("<", "\\u003C", StringComparison.Ordinal);
    }

    /// <summary>The figure as HTML for a notebook or a page that has plotly.js and figures.js; see <see cref="NotebookFigures"/>.</summary>
    public string ToHtml() => Output.FigureHtml.Fragment(ToJson(), Title, Width, Height, LiveName, LiveName is null ? ToSvg() : null);

    /// <summary>The figure as a still picture (SVG) for places where no script runs: a surface from above, of an animation the first frame.</summary>
    public string ToSvg() => Output.Still.StillPicture.Svg(this);

    /// <summary>The figure as a page that needs nothing else and no network.</summary>
    /// <exception cref="FileNotFoundException">plotly.js is not beside the assembly.</exception>
    public string ToPage() => Output.FigureHtml.Page(Title, [ToHtml()]);

    /// <summary>Writes <see cref="ToPage"/> to <paramref name="path"/>; an interrupted write leaves the old file.</summary>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string temporary = $"{path}.partial";
        File.WriteAllText(temporary, ToPage());
        File.Move(temporary, path, overwrite: true);
    }

    /// <inheritdoc/>
    public override string ToString() => $"figure: {Title}";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
