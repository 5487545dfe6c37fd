using System.Globalization;
using System.Text;

namespace RealNvp.Figures.Output.Still;

/// <summary>
/// A figure as an SVG picture, for places where no script runs: same data, axes, colours and legend; at most some hundred points
/// a cloud, a surface seen from above, of an animation the first frame.
/// </summary>
internal static class StillPicture
{
    private const double Left = 70;
    private const double Right = 24;
    private const double Bottom = 52;
    private const double FontSize = 13;
    private const string Ink = "#7a8089";

    public static string Svg(Plot plot)
    {
        double width = Math.Min(plot.Width, 760);
        var panels = plot.Traces.Any(trace => trace.ContainsKey("xaxis"));
        var legend = plot.Layout.TryGetValue("showlegend", out var shown) && shown is true;
        var title = Lines(plot.Title, (int)(width / 9.6));
        double top = 24 + 20 * title.Length + (legend ? 24 : 0) + (panels ? 24 : 0);
        var left = Math.Max(Left, 26 + 6.4 * LongestCategory(plot));
        var rows = plot.Layout.Keys.Any(key => key.StartsWith("yaxis", StringComparison.Ordinal)
            && plot.Layout.Inner(key).ContainsKey("domain"));
        double height = Math.Min(plot.Height, rows ? 640 : panels ? 380 : 480);
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:0} {height:0}\" "
            + $"font-family=\"system-ui,sans-serif\" font-size=\"{FontSize}\" fill=\"{Ink}\">");
        for (var i = 0; i < title.Length; i++) svg.Append(Words(title[i], 10, 24 + 20 * i, 16, "start", bold: true));
        if (legend) svg.Append(Legend(plot, top - (panels ? 24 : 0) - 12));
        Box whole = new(left, top, width - left - Right, height - top - Bottom);
        foreach (var suffix in Panels(plot)) Panel(svg, plot, suffix, whole);
        return svg.Append("</svg>").ToString();
    }

    private static IEnumerable<string> Panels(Plot plot) =>
        plot.Layout.ContainsKey("scene") ? [""] : plot.Layout.Keys.Where(key => key.StartsWith("xaxis", StringComparison.Ordinal))
            .Select(key => key["xaxis".Length..]);

    private static void Panel(StringBuilder svg, Plot plot, string suffix, Box whole)
    {
        var axes = plot.Layout.TryGetValue("scene", out var scene) ? (PlotlyObject)scene! : plot.Layout;
        PlotlyObject[] traces = [
            .. plot.Traces.Where(trace => !trace.TryGetValue("xaxis", out var on) || (string)on! == $"x{suffix}")];
        (var xAxis, var yAxis) = (axes.Inner($"xaxis{suffix}"), axes.Inner($"yaxis{suffix}"));
        var x = StillAxis.Of(xAxis, traces, "x");
        var y = StillAxis.Of(yAxis, traces, "y");
        var box = whole.Across(xAxis).Down(yAxis);
        if (yAxis.ContainsKey("scaleanchor") || yAxis.TryGetValue("matches", out _))
            box = box.WithShape(Math.Abs((y.High - y.Low) / (x.High - x.Low)));
        if (suffix.Length > 0 || whole.Across(xAxis) != whole)
            if (Heading(plot, suffix) is { } heading)
                svg.Append(Words(heading, box.X, whole.Y - 8, FontSize, "start", bold: true));

        var picture = traces.Any(trace => (string)trace["type"]! == "image");
        if (!picture)
            svg.Append(x.Drawn(box, horizontal: true, HasNumbers(xAxis)))
                .Append(y.Drawn(box, horizontal: false, HasNumbers(yAxis)));
        svg.Append(Words(LabelOf(xAxis), box.X + box.Width / 2, box.Y + box.Height + 40, FontSize, "middle"));
        svg.Append(CultureInfo.InvariantCulture,
            $"<g transform=\"translate({box.X - whole.X + 16 + (suffix.Length > 0 ? whole.X - 64 : 0):0.#} "
            + $"{box.Y + box.Height / 2:0.#}) rotate(-90)\">").Append(Words(LabelOf(yAxis), 0, 0, FontSize, "middle"))
                .Append("</g>");
        svg.Append(CultureInfo.InvariantCulture,
            $"<svg x=\"{box.X:0.#}\" y=\"{box.Y:0.#}\" width=\"{box.Width:0.#}\" height=\"{box.Height:0.#}\">");
        for (var i = 0; i < traces.Length; i++) svg.Append(StillTrace.Drawn(traces[i], x, y, box.Width, box.Height, i));
        svg.Append("</svg>");
    }

    private static bool HasNumbers(PlotlyObject axis) =>
        !axis.TryGetValue("showticklabels", out var shown) || shown is not false;

    private static string? Heading(Plot plot, string suffix)
    {
        var index = suffix.Length == 0 ? 0 : int.Parse(suffix, CultureInfo.InvariantCulture) - 1;
        return plot.Layout.TryGetValue("annotations", out var notes)
            ? ((object[])notes!).Cast<PlotlyObject>()
                .Where(note => note.TryGetValue("yref", out var reference) && (string)reference! == "paper")
                    .ElementAtOrDefault(index)?["text"] as string
            : null;
    }

    private static int LongestCategory(Plot plot) =>
        plot.Traces.Select(trace => trace.GetValueOrDefault("y")).OfType<string[]>().SelectMany(names => names)
            .Select(name => name.Replace("<sub>", "").Replace("</sub>", "").Length).DefaultIfEmpty(0).Max();

    private static string[] Lines(string title, int most)
    {
        List<string> lines = [""];
        foreach (var word in title.Split(' '))
            if (lines[^1].Length > 0 && lines[^1].Length + 1 + word.Length > most) lines.Add(word);
            else lines[^1] = lines[^1].Length == 0 ? word : $"{lines[^1]} {word}";
        return [.. lines];
    }

    private static string LabelOf(PlotlyObject axis) => axis.TryGetValue("title", out var title)
        && title is PlotlyObject words && words.TryGetValue("text", out var text) ? (string)text! : "";

    private static string Legend(Plot plot, double y)
    {
        StringBuilder svg = new();
        var x = Left;
        for (var i = 0; i < plot.Traces.Count; i++)
        {
            var trace = plot.Traces[i];
            if (!trace.TryGetValue("name", out var name) || trace.TryGetValue("showlegend", out var shown)
                && shown is false) continue;
            svg.Append(CultureInfo.InvariantCulture,
                $"<circle cx=\"{x + 5:0.#}\" cy=\"{y - 4:0.#}\" r=\"5\" fill=\"{StillTrace.ColourOf(trace, i)}\"/>");
            svg.Append(Words((string)name!, x + 15, y, FontSize, "start"));
            x += 34 + 7.1 * ((string)name!).Length;
        }
        return svg.ToString();
    }

    /// <summary>A line of text; sub- and superscripts as such, other marks dropped.</summary>
    public static string Words(string text, double x, double y, double size, string anchor, bool bold = false)
    {
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture,
            $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" font-size=\"{size:0.#}\" "
            + $"text-anchor=\"{anchor}\"{(bold ? " font-weight=\"600\"" : "")}>");
        var plain = text.Replace("<b>", "").Replace("</b>", "").Replace("<i>", "").Replace("</i>", "").Replace("<br>", " ");
        foreach ((var mark, var shift) in ((string, int)[])[("sub", 4), ("sup", -5)])
            plain = plain.Replace($"<{mark}>", $"\u0001{shift}\u0002").Replace($"</{mark}>", $"\u0003{-shift}\u0002");
        plain = plain.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
        foreach (var shift in (int[])[4, -5])
            plain = plain.Replace($"\u0001{shift}\u0002", $"<tspan dy=\"{shift}\" font-size=\"70%\">")
                .Replace($"\u0003{-shift}\u0002", $"</tspan><tspan dy=\"{-shift}\">\u200B</tspan>");
        return svg.Append(plain).Append("</text>").ToString();
    }
}

/// <summary>A rectangle of the picture, in its units, y downwards.</summary>
internal sealed record Box(double X, double Y, double Width, double Height)
{
    /// <summary>The part that an axis' domain leaves to its panel.</summary>
    public Box Across(PlotlyObject axis) =>
        axis.TryGetValue("domain", out var domain) && domain is double[] { Length: 2 } ends
        ? this with { X = X + ends[0] * Width, Width = (ends[1] - ends[0]) * Width } : this;

    /// <summary>The part that the domain of a y axis leaves to its panel.</summary>
    public Box Down(PlotlyObject axis) =>
        axis.TryGetValue("domain", out var domain) && domain is double[] { Length: 2 } ends
        ? this with { Y = Y + (1 - ends[1]) * Height, Height = (ends[1] - ends[0]) * Height } : this;

    /// <summary>The largest part with this ratio of height to width, at the left above.</summary>
    public Box WithShape(double ratio) =>
        Height > Width * ratio ? this with { Height = Width * ratio } : this with { Width = Height / ratio };
}
