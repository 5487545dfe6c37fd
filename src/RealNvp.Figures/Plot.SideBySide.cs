namespace RealNvp.Figures;

public sealed partial class Plot
{
    /// <summary>
    /// Figures of the plane beside each other, each under its own title. With <paramref name="sharedAxes"/> they zoom together.
    /// </summary>
    /// <param name="title">What to see.</param>
    /// <param name="sharedAxes">All panels show the same ranges; for panels in the same units only.</param>
    /// <param name="panels">Two to four figures with x and y axes, none of them animated.</param>
    /// <exception cref="ArgumentException">There are fewer than two panels or more than four, or one is a surface or an
    /// animation.</exception>
    public static Plot SideBySide(string title, bool sharedAxes, params Plot[] panels)
    {
        ArgumentNullException.ThrowIfNull(panels);
        if (panels.Length is < 2 or > 4)
            throw new ArgumentException($"Expected two to four panels; given {panels.Length}.", nameof(panels));
        if (panels.FirstOrDefault(panel => panel.Frames.Count > 0 || !panel.Layout.ContainsKey("xaxis")) is { } odd)
            throw new ArgumentException($"Expected figures with x and y axes that stand still; '{odd.Title}' is not one.",
                nameof(panels));

        List<PlotlyObject> traces = [];
        List<object> annotations = [];
        List<string> named = [];
        var gap = panels.SkipLast(1).Any(HasColourBar) ? 0.17 : panels.Length == 2 ? 0.1 : 0.08;
        var width = (1 - gap * (panels.Length - 1)) / panels.Length;
        var height = PanelHeight(panels, width);
        PlotlyObject layout = new() { ["height"] = height };
        (var xRange, var yRange) = sharedAxes ? (Union(panels, "xaxis"), Union(panels, "yaxis")) : (null, null);
        for (var i = 0; i < panels.Length; i++)
        {
            var panel = panels[i].Layout.Copy();
            var suffix = i == 0 ? "" : $"{i + 1}";
            var left = i * (width + gap);
            var x = panel.Inner("xaxis");
            var y = panel.Inner("yaxis");
            (x["domain"], x["anchor"], y["anchor"]) =
                (new[] { Math.Round(left, 4), Math.Round(left + width, 4) }, $"y{suffix}", $"x{suffix}");
            if (y.ContainsKey("scaleanchor")) y["scaleanchor"] = $"x{suffix}";
            if (sharedAxes) (x["range"], y["range"]) = (xRange, yRange);
            if (sharedAxes && i > 0)
            {
                // Axes that match the first panel's take its scale as well.
                (x["matches"], y["matches"]) = ("x", "y");
                foreach (var name in (string[])["scaleanchor", "scaleratio"]) y.Remove(name);
            }
            // Narrow panels have no room to say the same thing again.
            if (i > 0 && (sharedAxes || panels.Length > 2) && LabelOf(panels[i], "yaxis") == LabelOf(panels[0], "yaxis"))
                y.Remove("title");
            (layout[$"xaxis{suffix}"], layout[$"yaxis{suffix}"]) = (x, y);
            traces.AddRange(panels[i].Traces.Select(trace => Placed(trace.Copy(), suffix, left + width, named)));
            annotations.Add(Heading(panels[i].Title, left));
            if (panel.TryGetValue("annotations", out var notes))
                annotations.AddRange(((object[])notes!).Select(note => Moved((PlotlyObject)note, suffix)));
        }
        layout["annotations"] = annotations.ToArray();
        var plot = Make(title, layout, traces);
        if (panels.All(panel => panel.Traces.Where(trace => trace.ContainsKey("name"))
            .All(trace => string.Equals((string)trace["name"]!, panel.Title, StringComparison.OrdinalIgnoreCase))))
            plot.Layout["showlegend"] = false;
        var above = (plot.Layout["showlegend"] is true ? 30 : 0) + 26;
        return plot.Changed(whole =>
        {
            whole.Inner("meta")["above"] = above;
            whole.Inner("meta")["panels"] = panels.Length;
            whole.Inner("margin")["t"] = 34 + 22 * TitleLines(title) + above;
            whole["legend"] = new PlotlyObject { ["y"] = Math.Round(1 + 30.0 / (height - 160), 3) };
        });
    }

    // One legend entry for each name, whatever the number of panels that show it; one click hides all of that name.
    private static PlotlyObject Placed(PlotlyObject trace, string suffix, double right, List<string> named)
    {
        (trace["xaxis"], trace["yaxis"]) = ($"x{suffix}", $"y{suffix}");
        if (trace.TryGetValue("name", out var name))
        {
            trace["legendgroup"] = name;
            if (named.Contains((string)name!)) trace["showlegend"] = false;
            else named.Add((string)name!);
            Recolour(trace, Palette.Category(named.IndexOf((string)name!)));
        }
        if (trace.TryGetValue("colorbar", out var bar) && bar is PlotlyObject colourBar)
            (colourBar["x"], colourBar["thickness"]) = (Math.Round(right + 0.005, 4), 9);
        return trace;
    }

    // A name has one colour in all panels, and two names have two.
    private static void Recolour(PlotlyObject trace, string colour)
    {
        foreach (var part in (string[])["marker", "line"])
            if (trace.TryGetValue(part, out var look) && look is PlotlyObject props
                && props.TryGetValue("color", out var now) && now is string was && Palette.Categories.Contains(was))
                props["color"] = colour;
    }

    private static string LabelOf(Plot panel, string axis) => (string)panel.Layout.Inner(axis).Inner("title")["text"]!;

    private static bool HasColourBar(Plot panel) => panel.Traces.Any(trace => trace.ContainsKey("colorbar"));

    // Panels with one scale for both axes are as high as their shape asks for on a wide page.
    private static int PanelHeight(Plot[] panels, double width)
    {
        double[] shapes = [.. panels.Where(panel => panel.Layout.Inner("yaxis").ContainsKey("scaleanchor"))
            .Select(panel => Span(panel, "yaxis") / Span(panel, "xaxis")).Where(double.IsFinite)];
        if (shapes.Length < panels.Length) return panels.Max(panel => panel.Height);
        return (int)Math.Clamp(160 + 860 * width * shapes.Max(), 320, 640);
    }

    private static double Span(Plot panel, string axis) =>
        panel.Layout.Inner(axis).TryGetValue("range", out var range) && range is object[] ends
        ? Math.Abs((double)ends[1] - (double)ends[0]) : double.NaN;

    private static PlotlyObject Heading(string title, double left) => new()
    {
        ["text"] = $"<b>{title}</b>",
        ["showarrow"] = false,
        ["x"] = Math.Round(left, 4),
        ["xref"] = "paper",
        ["xanchor"] = "left",
        ["y"] = 1,
        ["yref"] = "paper",
        ["yanchor"] = "bottom",
        ["yshift"] = 4,
    };

    private static PlotlyObject Moved(PlotlyObject note, string suffix)
    {
        note = note.Copy();
        (note["xref"], note["yref"]) = ($"x{suffix}", $"y{suffix}");
        return note;
    }

    private static object[] Union(Plot[] panels, string axis)
    {
        double[][] ranges = [.. panels.Select(panel =>
            panel.Layout.Inner(axis).TryGetValue("range", out var range) && range is object[] ends
            ? new[] { (double)ends[0], (double)ends[1] }
            : throw new ArgumentException($"Expected panels whose axes have ranges; '{panel.Title}' scales its own."))];
        return [ranges.Min(range => range[0]), ranges.Max(range => range[1])];
    }
}
