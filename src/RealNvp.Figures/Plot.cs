using Plotly.NET;

namespace RealNvp.Figures;

/// <summary>
/// A figure: traces, axes and perhaps frames, with a title that says what to see. It is never changed; every With... returns a new one.
/// Made by the static methods (<see cref="Scatter"/>, <see cref="Density"/>, ...), all of which ask for title and axis labels
/// and throw an <see cref="ArgumentException"/> where one is blank. In a notebook it shows itself; see <see cref="NotebookFigures"/>.
/// </summary>
public sealed partial class Plot
{
    /// <summary>Height in pixels where nothing else is asked for.</summary>
    public const int StandardHeight = 430;

    private const int PlaneHeight = 520;
    private const int StandardWidth = 980;

    private Plot(string title, Props layout, IReadOnlyList<Props> traces)
    {
        Title = title;
        Layout = layout;
        Traces = traces;
    }

    /// <summary>The title.</summary>
    public string Title { get; }

    /// <summary>Height in pixels on a wide page.</summary>
    public int Height => Layout.TryGetValue("height", out object? height) ? (int)height! : StandardHeight;

    /// <summary>The widest that the figure gets, in pixels; a page that is narrower makes it narrower.</summary>
    internal int Width => Layout.Inner("meta").TryGetValue("width", out object? width) ? Math.Min((int)width!, StandardWidth) : StandardWidth;

    internal Props Layout { get; }

    internal IReadOnlyList<Props> Traces { get; }

    internal IReadOnlyList<(string Name, IReadOnlyList<Props> Traces)> Frames { get; private init; } = [];

    /// <summary>The name under which a figure that grows keeps its drawing; null for a figure that stands still.</summary>
    internal string? LiveName { get; private init; }

    /// <summary>The figure as a chart of Plotly.NET (which has no frames: of an animation, the first).</summary>
    public GenericChart Chart => ToChart(Traces, Layout);

    /// <summary>The figure with another height, in pixels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The height is below 100 or above 4000.</exception>
    public Plot WithHeight(int pixels)
    {
        if (pixels is < 100 or > 4000) throw new ArgumentOutOfRangeException(nameof(pixels), pixels, "Expected a height of 100 to 4000 pixels.");
        return Changed(layout => layout["height"] = pixels);
    }

    /// <summary>The figure with one unit equally long on both axes, or with axes that fill their place.</summary>
    public Plot WithEqualAspect(bool equal = true) => Changed(layout =>
    {
        SetAspect(layout, equal);
        layout.Inner("meta").Remove("width");
    });

    /// <summary>The figure with these ranges of its axes.</summary>
    public Plot WithDomain(Domain domain)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return Changed(layout =>
        {
            layout.Inner("xaxis")["range"] = Numbers.AsRange((domain.XLow, domain.XHigh));
            layout.Inner("yaxis")["range"] = Numbers.AsRange((domain.YLow, domain.YHigh));
        });
    }

    /// <summary>The figure with a logarithmic y axis; values that are not positive leave gaps.</summary>
    public Plot WithLogY() => Changed(layout =>
    {
        layout.Inner("yaxis")["type"] = "log";
        layout.Inner("yaxis")["exponentformat"] = "power";
        layout.Inner("yaxis").Remove("range");
    });

    /// <summary>The figure with a logarithmic x axis; points whose x is not positive are not drawn.</summary>
    public Plot WithLogX() => Changed(layout =>
    {
        layout.Inner("xaxis")["type"] = "log";
        layout.Inner("xaxis")["exponentformat"] = "power";
        layout.Inner("xaxis").Remove("range");
    });

    /// <summary>The figure with a dashed horizontal line at <paramref name="y"/>, named in the legend.</summary>
    public Plot WithHorizontalLine(string name, double y)
    {
        if (!double.IsFinite(y)) throw new ArgumentException($"Expected a finite height for the line; given {y}.", nameof(y));
        (double low, double high) = HorizontalExtent();
        return With(Dashed(Required.Label(name, "The line's name"), [low, high], [y, y], Traces.Count));
    }

    /// <summary>The figure with a dashed curve y = f(x) over the range of its data, named in the legend.</summary>
    public Plot WithCurve(string name, Func<double, double> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        (double low, double high) = HorizontalExtent();
        double[] xs = Numbers.Spaced(low, high, 241);
        return With(Curve(Required.Label(name, "The curve's name"), xs, [.. xs.Select(f)], Traces.Count));
    }

    private static Props Curve(string name, double[] xs, double[] ys, int index)
    {
        (double low, double high) = Numbers.Range(xs);
        return new Props
        {
            ["type"] = "scatter",
            ["mode"] = "lines",
            ["name"] = name,
            ["x"] = Numbers.OnAnyAxis(xs, high - low),
            ["y"] = Numbers.Significant(ys, 5),
            ["line"] = new Props { ["color"] = Palette.Category(index), ["width"] = 2.2, ["simplify"] = false },
        };
    }

    private static Props Dashed(string name, double[] xs, double[] ys, int index)
    {
        Props line = Curve(name, xs, ys, index);
        line.Inner("line")["dash"] = "dash";
        line.Inner("line")["color"] = Palette.Grey;
        return line;
    }

    private (double Low, double High) HorizontalExtent()
    {
        if (Layout.Inner("xaxis").TryGetValue("range", out object? range) && range is object[] { Length: 2 } ends) return ((double)ends[0], (double)ends[1]);
        return Numbers.Range(Traces.SelectMany(trace => trace.TryGetValue("x", out object? x) && x is double?[] xs ? xs : []).Select(x => x ?? double.NaN));
    }

    // A figure with more than one named trace has a legend, and the title makes room for it.
    private Plot With(Props trace)
    {
        Props layout = Layout.Copy();
        layout["showlegend"] = true;
        layout.Inner("meta")["above"] = 30;
        layout.Inner("margin")["t"] = 64 + TitleLines(Title) * 22;
        return new Plot(Title, layout, [.. Traces, trace]) { Frames = Frames, LiveName = LiveName };
    }

    private Plot Changed(Action<Props> change)
    {
        Props layout = Layout.Copy();
        change(layout);
        return new Plot(Title, layout, Traces) { Frames = Frames, LiveName = LiveName };
    }

    internal Plot Live(string name) => new(Title, Layout, Traces) { Frames = Frames, LiveName = name };

    private static Plot Make(string title, Props layout, IEnumerable<Props> traces)
    {
        Props[] all = [.. traces];
        bool legend = all.Count(trace => trace.ContainsKey("name") && (!trace.TryGetValue("showlegend", out object? shown) || shown is true)) > 1;
        Props whole = new()
        {
            ["title"] = TitleOf(Required.Label(title, "The title")),
            ["template"] = Template.Make(),
            ["height"] = StandardHeight,
            ["autosize"] = true,
            ["showlegend"] = legend,
            ["meta"] = new Props { ["above"] = legend ? 30 : 0 },
            ["margin"] = new Props { ["t"] = 34 + TitleLines(title) * 22 + (legend ? 30 : 0) },
        };
        foreach ((string name, object? value) in layout)
        {
            if (value is Props more && whole.TryGetValue(name, out object? there) && there is Props inner)
                foreach ((string key, object? item) in more) inner[key] = item;
            else whole[name] = value;
        }
        return new Plot(title, whole, all);
    }

    private static Props Axes(string x, string y, (double Low, double High)? xRange = null, (double Low, double High)? yRange = null) => new()
    {
        ["xaxis"] = Axis(Required.Label(x, "The label of the x axis"), xRange),
        ["yaxis"] = Axis(Required.Label(y, "The label of the y axis"), yRange),
    };

    private static Props Axis(string label, (double Low, double High)? range = null)
    {
        Props axis = new() { ["title"] = new Props { ["text"] = label } };
        if (range is { } bounds) axis["range"] = Numbers.AsRange(bounds);
        return axis;
    }

    private static Props PlaneAxes(string x, string y, Domain domain)
    {
        Props layout = Axes(x, y, (domain.XLow, domain.XHigh), (domain.YLow, domain.YHigh));
        SetAspect(layout, domain.IsNearlySquare);
        layout["height"] = PlaneHeight;
        if (domain.IsNearlySquare) layout["meta"] = new Props { ["width"] = (int)((PlaneHeight - 140) * (domain.XHigh - domain.XLow) / (domain.YHigh - domain.YLow)) + 210 };
        return layout;
    }

    private static void SetAspect(Props layout, bool equal)
    {
        Props y = layout.Inner("yaxis");
        if (equal)
        {
            (y["scaleanchor"], y["scaleratio"], y["constrain"]) = ("x", 1, "domain");
            layout.Inner("xaxis")["constrain"] = "domain";
        }
        else
        {
            foreach (string name in (string[])["scaleanchor", "scaleratio", "constrain"]) y.Remove(name);
            layout.Inner("xaxis").Remove("constrain");
        }
    }

    // Clients that draw without figures.js get a title that fits a page; figures.js breaks it anew for the width that it finds.
    private static int TitleLines(string title) => ((string)TitleOf(title)["text"]!).Split("<br>").Length;

    private static Props TitleOf(string title, int most = 84)
    {
        List<string> lines = [""];
        foreach (string word in title.Split(' '))
        {
            if (lines[^1].Length > 0 && lines[^1].Length + 1 + word.Length > most) lines.Add(word);
            else lines[^1] = lines[^1].Length == 0 ? word : $"{lines[^1]} {word}";
        }
        Props wrapped = new() { ["text"] = string.Join("<br>", lines) };
        // plotly.js sets a single line's top at the padding, but the baseline of the first of several.
        if (lines.Count > 1) wrapped["pad"] = new Props { ["t"] = 24, ["l"] = 10 };
        return wrapped;
    }

    private static GenericChart ToChart(IEnumerable<Props> traces, Props layout)
    {
        GenericChart chart = GenericChart.ofTraceObjects(false, traces.Select(ToTrace).ToArray());
        Layout chartLayout = new();
        foreach ((string name, object? value) in layout) chartLayout.SetProperty(name, value!);
        Config config = new();
        config.SetProperty("responsive", true);
        config.SetProperty("displaylogo", false);
        config.SetProperty("modeBarButtonsToRemove", new[] { "lasso2d", "select2d", "autoScale2d", "sendDataToCloud", "sendChartToCloud" });
        return GenericChart.setConfig(config, GenericChart.setLayout(chartLayout, chart));
    }

    private static Trace ToTrace(Props props)
    {
        Trace trace = new((string)props["type"]!);
        foreach ((string name, object? value) in props)
            if (name != "type") trace.SetProperty(name, value!);
        return trace;
    }
}
