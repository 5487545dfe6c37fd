namespace RealNvp.Figures;

public sealed partial class Plot
{
    private const int MostAnimatedNumbers = 90_000;

    /// <summary>Points that move from frame to frame, with a play button and a slider: noise that becomes data, layer by layer. A
    /// point keeps its colour, which says where it was in the first frame, from left to right. Between frames the points
    /// glide.</summary>
    /// <param name="title">What to see.</param>
    /// <param name="x">Label of the x axis, with its unit.</param>
    /// <param name="y">Label of the y axis, with its unit.</param>
    /// <param name="frames">Names of the frames and their points [N, 2], the same N in each, in the same order.</param>
    /// <exception cref="ArgumentException">A label is blank, there are fewer than two frames, or they differ in their number of
    /// points.</exception>
    public static Plot Animation(string title, string x, string y, params (string Name, Points Points)[] frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        if (frames.Length < 2)
            throw new ArgumentException($"Expected at least two frames; given {frames.Length}.", nameof(frames));
        if (frames.FirstOrDefault(frame => frame.Points.Count != frames[0].Points.Count) is { Name: not null } odd)
            throw new ArgumentException(
                $"Expected the same points in every frame; '{frames[0].Name}' has {frames[0].Points.Count}, '{odd.Name}' has "
                + $"{odd.Points.Count}.", nameof(frames));
        if (frames[0].Points.Count == 0) throw new ArgumentException("Expected points to animate; given none.", nameof(frames));

        var most = Math.Max(50, Math.Min(1500, MostAnimatedNumbers / (2 * frames.Length)));
        Points[] shown = [.. frames.Select(frame => frame.Points.Thinned(most))];
        var domain = Middle(shown);
        var order = Ranks(shown[0].X);
        var first = Cloud("points", shown[0], most, domain, 0);
        first["marker"] = new PlotlyObject
        {
            ["color"] = AxisNumbers.Significant(order, 3),
            ["colorscale"] = Palette.Viridis,
            ["size"] = shown[0].Count <= 500 ? 6 : 4.5,
            ["opacity"] = 0.8,
            ["line"] = new PlotlyObject { ["width"] = 0 },
        };
        var layout = PlaneAxes(x, y, domain);
        layout["height"] = 590;
        layout["margin"] = new PlotlyObject { ["b"] = 136 };
        layout["sliders"] = new object[] {
            Slider([.. frames.Select(frame => FigureArguments.Label(frame.Name, "The name of a frame"))]) };
        layout["updatemenus"] = new object[] { PlayAndPause() };
        var still = Make(title, layout, [first]);
        return new Plot(title, still.Layout, still.Traces)
        {
            Frames = [.. frames.Select((frame, i) => (Key(i), (IReadOnlyList<PlotlyObject>)[Positions(shown[i], domain)]))],
        };
    }

    private static string Key(int frame) => FormattableString.Invariant($"{frame}");

    private static PlotlyObject Positions(Points points, PlotArea domain) => new()
    {
        ["type"] = "scatter",
        ["x"] = AxisNumbers.OnAxis(points.X, domain.XHigh - domain.XLow),
        ["y"] = AxisNumbers.OnAxis(points.Y, domain.YHigh - domain.YLow),
    };

    // All frames share one window; a few points far out do not shrink the rest.
    private static PlotArea Middle(Points[] frames)
    {
        (double Low, double High) Inner(IEnumerable<double> values)
        {
            double[] sorted = [.. values.Where(double.IsFinite).Order()];
            if (sorted.Length == 0) throw new ArgumentException("Expected finite points to animate; all are NaN or infinite.");
            return AxisNumbers.Padded((sorted[(int)(0.002 * (sorted.Length - 1))], sorted[(int)(0.998 * (sorted.Length - 1))]),
                0.08);
        }

        ((var xLow, var xHigh), (var yLow, var yHigh)) =
            (Inner(frames.SelectMany(frame => frame.X)), Inner(frames.SelectMany(frame => frame.Y)));
        return new PlotArea(xLow, xHigh, yLow, yHigh);
    }

    private static double[] Ranks(double[] values)
    {
        var ranks = new double[values.Length];
        var rank = 0;
        foreach (var i in Enumerable.Range(0, values.Length).OrderBy(i => values[i]))
            ranks[i] = rank++ / (double)Math.Max(1, values.Length - 1);
        return ranks;
    }

    private static PlotlyObject Slider(string[] names, bool redraw = false) => new()
    {
        ["active"] = 0,
        ["x"] = 0.22,
        ["len"] = Math.Round(0.76 - Math.Max(0, names[^1].Length - 6) * 0.0045, 3),   // the last label ends with the figure
        ["y"] = 0,
        ["yanchor"] = "top",
        ["pad"] = new PlotlyObject { ["t"] = 54, ["b"] = 0 },
        ["currentvalue"] = new PlotlyObject
        {
            ["visible"] = true,
            ["prefix"] = "",
            ["xanchor"] = "left",
            ["offset"] = 14,
            ["font"] = new PlotlyObject { ["size"] = 14 }
        },
        ["ticklen"] = 4,
        ["transition"] = new PlotlyObject { ["duration"] = 0 },
        ["steps"] = names.Select((name, i) => (object)new PlotlyObject
        {
            ["label"] = name,
            ["method"] = "animate",
            ["args"] = new object[] { new[] { Key(i) }, Motion(0, 250, "immediate", redraw) },
        }).ToArray(),
    };

    private static PlotlyObject PlayAndPause(bool redraw = false) => new()
    {
        ["type"] = "buttons",
        ["direction"] = "left",
        ["showactive"] = false,
        ["x"] = 0,
        ["xanchor"] = "left",
        ["y"] = 0,
        ["yanchor"] = "top",
        ["pad"] = new PlotlyObject { ["t"] = 78, ["r"] = 8 },
        ["buttons"] = new object[]
        {
            new PlotlyObject { ["label"] = "▶", ["method"] = "animate",
                ["args"] = new object?[] { null, Motion(900, 650, "immediate", redraw, fromCurrent: true) } },
            new PlotlyObject { ["label"] = "❚❚", ["method"] = "animate",
                ["args"] = new object?[] { new object?[] { null }, Motion(0, 0, "immediate") } },
        },
    };

    // Only curves and points glide; every other kind of trace has to be drawn again.
    private static PlotlyObject Motion(int frame, int glide, string mode, bool redraw = false, bool fromCurrent = false)
    {
        PlotlyObject motion = new()
        {
            ["mode"] = mode,
            ["frame"] = new PlotlyObject { ["duration"] = frame, ["redraw"] = redraw },
            ["transition"] = new PlotlyObject { ["duration"] = redraw ? 0 : glide, ["easing"] = "cubic-in-out" },
        };
        if (fromCurrent) motion["fromcurrent"] = true;
        return motion;
    }
}
