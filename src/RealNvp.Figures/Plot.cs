using Plotly.NET;

namespace RealNvp.Figures;

/// <summary>
/// A figure: traces, axes and perhaps frames, with a title that says what to see. It is never changed; every With... returns a
/// new one. Made by the static methods (<see cref="Scatter"/>, <see cref="Density"/>, ...), all of which ask for title and axis
/// labels and throw an <see cref="ArgumentException"/> where one is blank. In a notebook it shows itself; see
/// <see cref="NotebookFigures"/>.
/// </summary>
public sealed partial class Plot
{
    /// <summary>Height in pixels where nothing else is asked for.</summary>
    public const int StandardHeight = 430;

    private const int PlaneHeight = 520;
    private const int StandardWidth = 980;

    private Plot(string title, PlotlyObject layout, IReadOnlyList<PlotlyObject> traces)
    {
        Title = title;
        Layout = layout;
        Traces = traces;
    }

    /// <summary>The title.</summary>
    public string Title { get; }

    /// <summary>Height in pixels on a wide page.</summary>
    public int Height => Layout.TryGetValue("height", out var height) ? (int)height! : StandardHeight;

    /// <summary>The widest that the figure gets, in pixels; a page that is narrower makes it narrower.</summary>
    internal int Width => Layout.Inner("meta").TryGetValue("width", out var width)
        ? Math.Min((int)width!, StandardWidth) : StandardWidth;

    internal PlotlyObject Layout { get; }

    internal IReadOnlyList<PlotlyObject> Traces { get; }

    internal IReadOnlyList<(string Name, IReadOnlyList<PlotlyObject> Traces)> Frames { get; private init; } = [];

    /// <summary>The name under which a figure that grows keeps its drawing; null for a figure that stands still.</summary>
    internal string? LiveName { get; private init; }

    /// <summary>The figure as a chart of Plotly.NET (which has no frames: of an animation, the first).</summary>
    public GenericChart Chart =>
        GenericChart.setConfig(Filled(new Config(), Config), GenericChart.setLayout(Filled(new Layout(), Layout),
        GenericChart.ofTraceObjects(false, Traces.Select(trace => Filled(new Trace((string)trace["type"]!), trace)).ToArray())));

    /// <summary>The figure with another height, in pixels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The height is below 100 or above 4000.</exception>
    public Plot WithHeight(int pixels)
    {
        if (pixels is < 100 or > 4000)
            throw new ArgumentOutOfRangeException(nameof(pixels), pixels, "Expected a height of 100 to 4000 pixels.");
        return Changed(layout => layout["height"] = pixels);
    }

    /// <summary>The figure with one unit equally long on both axes, or with axes that fill their place.</summary>
    public Plot WithEqualAspect(bool equal = true) => Changed(layout =>
    {
        SetAspect(layout, equal);
        layout.Inner("meta").Remove("width");
    });

    /// <summary>The figure with these ranges of its axes.</summary>
    public Plot WithDomain(PlotArea domain)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return Changed(layout =>
        {
            layout.Inner("xaxis")["range"] = AxisNumbers.AsRange((domain.XLow, domain.XHigh));
            layout.Inner("yaxis")["range"] = AxisNumbers.AsRange((domain.YLow, domain.YHigh));
        });
    }

    /// <summary>The figure with a logarithmic y axis; values that are not positive leave gaps.</summary>
    public Plot WithLogY() => Changed(layout => Logarithmic(layout.Inner("yaxis"), "y"));

    /// <summary>The figure with a logarithmic x axis; points whose x is not positive are not drawn.</summary>
    public Plot WithLogX() => Changed(layout => Logarithmic(layout.Inner("xaxis"), "x"));

    // Labels at 1, 2 and 5 on up to two decades, at every power of ten on up to eight, at fewer beyond.
    private void Logarithmic(PlotlyObject axis, string letter)
    {
        (axis["type"], axis["exponentformat"]) = ("log", "power");
        axis.Remove("range");
        (var low, var high) = AxisNumbers.Range(Traces
            .SelectMany(trace => trace.TryGetValue(letter, out var list) && list is double?[] numbers ? numbers : [])
            .Where(number => number > 0).Select(number => Math.Log10(number!.Value)));
        axis["dtick"] = high - low <= 2 ? "D2" : Math.Max(1, Math.Ceiling((high - low) / 8));
    }

    /// <summary>The figure with a dashed horizontal line at <paramref name="y"/>, named in the legend.</summary>
    public Plot WithHorizontalLine(string name, double y)
    {
        if (!double.IsFinite(y)) throw new ArgumentException($"Expected a finite height for the line; given {y}.", nameof(y));
        (var low, var high) = HorizontalExtent();
        return With(Dashed(FigureArguments.Label(name, "The line's name"), [low, high], [y, y], Traces.Count));
    }

    /// <summary>The figure with a dashed curve y = f(x) over the range of its data, named in the legend.</summary>
    public Plot WithCurve(string name, Func<double, double> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        (var low, var high) = HorizontalExtent();
        var xs = AxisNumbers.Spaced(low, high, 241);
        return With(Curve(FigureArguments.Label(name, "The curve's name"), xs, [.. xs.Select(f)], Traces.Count));
    }

    private static PlotlyObject Curve(string name, double[] xs, double[] ys, int index)
    {
        (var low, var high) = AxisNumbers.Range(xs);
        return new PlotlyObject
        {
            ["type"] = "scatter",
            ["mode"] = "lines",
            ["name"] = name,
            ["x"] = AxisNumbers.OnAnyAxis(xs, high - low),
            ["y"] = AxisNumbers.Significant(ys, 5),
            ["line"] = new PlotlyObject { ["color"] = Palette.Category(index), ["width"] = 2.2, ["simplify"] = false },
        };
    }

    private static PlotlyObject Dashed(string name, double[] xs, double[] ys, int index)
    {
        var line = Curve(name, xs, ys, index);
        line.Inner("line")["dash"] = "dash";
        line.Inner("line")["color"] = Palette.Grey;
        return line;
    }

    private (double Low, double High) HorizontalExtent()
    {
        if (Layout.Inner("xaxis").TryGetValue("range", out var range) && range is object[] { Length: 2 } ends)
            return ((double)ends[0], (double)ends[1]);
        return AxisNumbers.Range(Traces.SelectMany(Extent));
    }

    // Bars reach half their width beyond their middles.
    private static IEnumerable<double> Extent(PlotlyObject trace)
    {
        if (!trace.TryGetValue("x", out var list) || list is not double?[] numbers) return [];
        var half = trace.TryGetValue("width", out var width) && width is double wide ? wide / 2 : 0;
        return numbers.SelectMany(x => new[] { (x ?? double.NaN) - half, (x ?? double.NaN) + half });
    }

    // A figure with more than one named trace has a legend, and the title makes room for it.
    private Plot With(PlotlyObject trace)
    {
        var layout = Layout.Copy();
        layout["showlegend"] = true;
        layout.Inner("meta")["above"] = 30;
        layout.Inner("margin")["t"] = 64 + TitleLines(Title) * 22;
        return new Plot(Title, layout, [.. Traces, trace]) { Frames = Frames, LiveName = LiveName };
    }

    private Plot Changed(Action<PlotlyObject> change)
    {
        var layout = Layout.Copy();
        change(layout);
        return new Plot(Title, layout, Traces) { Frames = Frames, LiveName = LiveName };
    }

    internal Plot Live(string name) => new(Title, Layout, Traces) { Frames = Frames, LiveName = name };

    private static Plot Make(string title, PlotlyObject layout, IEnumerable<PlotlyObject> traces)
    {
        PlotlyObject[] all = [.. traces];
        var legend = all.Count(trace =>
            trace.ContainsKey("name") && (!trace.TryGetValue("showlegend", out var shown) || shown is true)) > 1;
        PlotlyObject whole = new()
        {
            ["title"] = TitleOf(FigureArguments.Label(title, "The title")),
            ["template"] = Template.Make(),
            ["height"] = StandardHeight,
            ["autosize"] = true,
            ["showlegend"] = legend,
            ["meta"] = new PlotlyObject { ["above"] = legend ? 30 : 0 },
            ["margin"] = new PlotlyObject { ["t"] = 34 + TitleLines(title) * 22 + (legend ? 30 : 0) },
        };
        foreach ((var name, var value) in layout)
        {
            if (value is PlotlyObject more && whole.TryGetValue(name, out var there) && there is PlotlyObject inner)
                foreach ((var key, var item) in more) inner[key] = item;
            else whole[name] = value;
        }
        return new Plot(title, whole, all);
    }

    private static PlotlyObject Axes(string x, string y, (double Low, double High)? xRange = null,
        (double Low, double High)? yRange = null) => new()
        {
            ["xaxis"] = Axis(FigureArguments.Label(x, "The label of the x axis"), xRange),
            ["yaxis"] = Axis(FigureArguments.Label(y, "The label of the y axis"), yRange),
        };

    private static PlotlyObject Axis(string label, (double Low, double High)? range = null)
    {
        PlotlyObject axis = new() { ["title"] = new PlotlyObject { ["text"] = label } };
        if (range is { } bounds) axis["range"] = AxisNumbers.AsRange(bounds);
        return axis;
    }

    private static PlotlyObject PlaneAxes(string x, string y, PlotArea domain)
    {
        var layout = Axes(x, y, (domain.XLow, domain.XHigh), (domain.YLow, domain.YHigh));
        SetAspect(layout, domain.IsNearlySquare);
        layout["height"] = PlaneHeight;
        if (domain.IsNearlySquare)
            layout["meta"] = new PlotlyObject
            {
                ["width"] =
                (int)((PlaneHeight - 140) * (domain.XHigh - domain.XLow) / (domain.YHigh - domain.YLow)) + 210
            };
        return layout;
    }

    private static void SetAspect(PlotlyObject layout, bool equal)
    {
        var y = layout.Inner("yaxis");
        if (equal)
        {
            (y["scaleanchor"], y["scaleratio"], y["constrain"]) = ("x", 1, "domain");
            layout.Inner("xaxis")["constrain"] = "domain";
        }
        else
        {
            foreach (var name in (string[])["scaleanchor", "scaleratio", "constrain"]) y.Remove(name);
            layout.Inner("xaxis").Remove("constrain");
        }
    }

    private static readonly PlotlyObject Config = new()
    {
        ["responsive"] = true,
        ["displaylogo"] = false,
        ["modeBarButtonsToRemove"] = new[] { "lasso2d", "select2d", "autoScale2d" },
    };

    private static T Filled<T>(T target, PlotlyObject props) where T : DynamicObj.DynamicObj
    {
        foreach ((var name, var value) in props) target.SetProperty(name, value!);
        return target;
    }
}
