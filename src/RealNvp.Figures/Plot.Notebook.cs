using RealNvp.Figures.Output;

namespace RealNvp.Figures;

public sealed partial class Plot
{
    /// <summary>
    /// {"data": [...], "layout": {...}, "config": {...}, "frames": [...]}: the content of application/vnd.plotly.v1+json.
    /// </summary>
    public string ToJson()
    {
        PlotlyObject figure = new() { ["data"] = Traces, ["layout"] = Layout, ["config"] = Config };
        if (Frames.Count > 0)
            figure["frames"] = Frames.Select(frame =>
                new { name = frame.Name, data = frame.Traces, traces = Enumerable.Range(0, frame.Traces.Count) });
        return FigureJson.Of(figure);
    }

    /// <summary>
    /// The figure as HTML for a notebook or a page that has plotly.js and figures.js; see <see cref="NotebookFigures"/>.
    /// </summary>
    public string ToHtml() => FigureHtml.Fragment(ToJson(), Title, Width, Height, LiveName, LiveName is null ? ToSvg() : null);

    /// <summary>
    /// The figure as a still picture (SVG) for places where no script runs: a surface from above, of an animation the first
    /// frame.
    /// </summary>
    public string ToSvg() => Output.Still.StillPicture.Svg(this);

    /// <summary>The figure as a page that needs nothing else and no network.</summary>
    public string ToPage() => FigureHtml.Page(Title, [ToHtml()]);

    /// <summary>Writes <see cref="ToPage"/> to <paramref name="path"/>; an interrupted write leaves the old file.</summary>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        AtomicFile.Write(path, ToPage());
    }

    /// <inheritdoc/>
    public override string ToString() => $"figure: {Title}";
}
