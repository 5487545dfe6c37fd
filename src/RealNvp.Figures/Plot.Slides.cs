namespace RealNvp.Figures;

public sealed partial class Plot
{
    /// <summary>
    /// Figures of one kind behind a slider: one thing while a number changes. Curves and points glide from one to the next.
    /// </summary>
    /// <param name="title">What to see.</param>
    /// <param name="slides">Names and figures, all with the same traces in the same order; the first gives the axes, and an axis
    /// without a range gets one that holds the points of all.</param>
    /// <exception cref="ArgumentException">There are fewer than two slides, one is a surface or moves itself, or their traces
    /// differ in kind or number.</exception>
    public static Plot Slides(string title, params (string Name, Plot Figure)[] slides)
    {
        ArgumentNullException.ThrowIfNull(slides);
        if (slides.Length < 2)
            throw new ArgumentException($"Expected at least two slides; given {slides.Length}.", nameof(slides));
        string[] names = [.. slides.Select(slide => FigureArguments.Label(slide.Name, "The name of a slide"))];
        var first = slides[0].Figure;
        foreach ((var name, var figure) in slides)
        {
            if (figure.Frames.Count > 0 || !figure.Layout.ContainsKey("xaxis"))
                throw new ArgumentException($"Expected figures with x and y axes that stand still; '{name}' is not one.",
                    nameof(slides));
            if (!figure.Traces.Select(Kind).SequenceEqual(first.Traces.Select(Kind)))
                throw new ArgumentException(
                    $"Expected slides with the same traces; '{names[0]}' has ({string.Join(", ", first.Traces.Select(Kind))}), "
                    + $"'{name}' has ({string.Join(", ", figure.Traces.Select(Kind))}).", nameof(slides));
        }

        var layout = first.Layout.Copy();
        var above = (int)layout.Inner("meta")["above"]!;
        layout["title"] = TitleOf(FigureArguments.Label(title, "The title"));
        layout.Inner("margin")["t"] = 34 + 22 * TitleLines(title) + above;
        layout.Inner("margin")["b"] = 136;
        layout["height"] = first.Height + 70;
        foreach (var axis in layout.Keys.Where(key =>
            key.StartsWith("xaxis", StringComparison.Ordinal) || key.StartsWith("yaxis", StringComparison.Ordinal)).ToArray())
            Hold(layout.Inner(axis), axis, [.. slides.SelectMany(slide => slide.Figure.Traces)]);
        var redraw = first.Traces.Any(trace => Kind(trace) != "scatter");
        layout["sliders"] = new object[] { Slider(names, redraw) };
        layout["updatemenus"] = new object[] { PlayAndPause(redraw) };
        return new Plot(title, layout, first.Traces)
        {
            Frames = [.. slides.Select((slide, i) =>
                (Key(i), (IReadOnlyList<PlotlyObject>)[.. slide.Figure.Traces.Select(Values)]))],
        };
    }

    private static string Kind(PlotlyObject trace) => (string)trace["type"]!;

    // Colours stay those that the page has given to the first slide.
    private static PlotlyObject Values(PlotlyObject trace)
    {
        PlotlyObject values = [];
        foreach (var name in (string[])["type", "x", "y", "z", "text", "source"])
            if (trace.TryGetValue(name, out var value)) values[name] = value;
        return values;
    }

    // Without a range an axis would fit the first slide only.
    private static void Hold(PlotlyObject axis, string name, PlotlyObject[] traces)
    {
        if (axis.ContainsKey("range") || axis.TryGetValue("type", out var type) && type is "log" or "category") return;
        var letter = name[..1];
        var anchor = letter + name["xaxis".Length..];
        double[] values = [.. traces
            .Where(trace => Kind(trace) == "scatter"
            && (trace.TryGetValue($"{letter}axis", out var its) ? (string)its! : letter) == anchor)
            .SelectMany(trace => trace.TryGetValue(letter, out var numbers) && numbers is double?[] list ? list : [])
            .Select(value => value ?? double.NaN)];
        if (values.Any(double.IsFinite)) axis["range"] = AxisNumbers.AsRange(AxisNumbers.Padded(AxisNumbers.Range(values)));
    }
}
