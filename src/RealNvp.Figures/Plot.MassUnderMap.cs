using static TorchSharp.torch;

namespace RealNvp.Figures;

public sealed partial class Plot
{
    private const int LinePoints = 600;

    /// <summary>The change of variables on the line: a density p(x) below, an increasing map z = f(x) above it, and to the left
    /// of that the density of z. Slices of equal mass keep their colours; where the map is steep they get wide and low. The
    /// density of z is measured from the slices of a fine grid, mass over width, not computed by a formula.</summary>
    /// <param name="title">What to see.</param>
    /// <param name="x">Label of the axis of x, with its unit.</param>
    /// <param name="z">Label of the axis of z, with its unit.</param>
    /// <param name="density">p(x): from [N, 1] (float32, CPU) to [N] or [N, 1].</param>
    /// <param name="map">f: from [N, 1] to [N, 1], increasing.</param>
    /// <param name="low">Left end of what is drawn; the mass between the ends is shared among the slices.</param>
    /// <param name="high">Right end.</param>
    /// <param name="slices">Slices of equal mass, 2 to 11.</param>
    /// <exception cref="ArgumentException">A label is blank, the ends are exchanged, or the map does not increase.</exception>
    public static Plot MassUnderMap(string title, string x, string z, Func<Tensor, Tensor> density, Func<Tensor, Tensor> map,
        double low, double high, int slices = 10)
    {
        ArgumentNullException.ThrowIfNull(density);
        ArgumentNullException.ThrowIfNull(map);
        if (!(double.IsFinite(low) && double.IsFinite(high) && low < high))
            throw new ArgumentException($"Expected finite ends with low below high; given {low} and {high}.");
        if (slices is < 2 or > 11) throw new ArgumentOutOfRangeException(nameof(slices), slices, "Expected 2 to 11 slices.");

        var xs = AxisNumbers.Spaced(low, high, LinePoints);
        var column = new double[LinePoints, 1];
        for (var i = 0; i < LinePoints; i++) column[i, 0] = xs[i];
        (var ps, var zs) = (OnLine(density, column, "density"), OnLine(map, column, "map"));
        if (Array.FindIndex(zs, i => !double.IsFinite(i)) is >= 0 and int odd)
            throw new ArgumentException($"Expected finite z; the map gives {zs[odd]} at {xs[odd]}.", nameof(map));
        // Rounding of float32 may bend a flat part a little.
        var slack = 1e-6 * (Math.Abs(zs[^1]) + Math.Abs(zs[0]));
        if (Enumerable.Range(1, LinePoints - 1).FirstOrDefault(i => zs[i] < zs[i - 1] - slack) is > 0 and int falls)
            throw new ArgumentException($"Expected an increasing map; it falls at {xs[falls]:g4}.", nameof(map));

        // Mass per length of z at the middle of each cell, and the mass up to each point.
        var mass = new double[LinePoints];
        for (var i = 1; i < LinePoints; i++) mass[i] = mass[i - 1] + (ps[i] + ps[i - 1]) / 2 * (xs[i] - xs[i - 1]);
        double[] qs = [.. Enumerable.Range(0, LinePoints).Select(i =>
        {
            (var from, var to) = (Math.Max(0, i - 1), Math.Min(LinePoints - 1, i + 1));
            return (mass[to] - mass[from]) / Math.Max(zs[to] - zs[from], slack);
        })];

        PlotlyObject layout = new()
        {
            ["xaxis"] = Axis(FigureArguments.Label(x, "The label of the x axis"), (low, high)),
            ["yaxis"] = Axis(FigureArguments.Label(z, "The label of the z axis"), AxisNumbers.Padded((zs[0], zs[^1]), 0.02)),
            ["xaxis2"] = Axis("density of z"),
            ["yaxis2"] = Axis("density of x"),
            ["height"] = 560,
        };
        PlotlyObject Part(string axis) => layout.Inner(axis);
        (Part("xaxis")["domain"], Part("yaxis")["domain"]) = (new[] { 0.33, 1.0 }, new[] { 0.36, 1.0 });
        (Part("xaxis")["anchor"], Part("yaxis")["anchor"]) = ("y2", "x2");
        (Part("xaxis2")["domain"], Part("xaxis2")["anchor"], Part("xaxis2")["autorange"]) =
            (new[] { 0.0, 0.29 }, "y", "reversed");
        (Part("yaxis2")["domain"], Part("yaxis2")["anchor"], Part("yaxis2")["side"]) = (new[] { 0.0, 0.31 }, "x", "right");
        (Part("xaxis2")["rangemode"], Part("yaxis2")["rangemode"]) = ("tozero", "tozero");

        List<PlotlyObject> traces = [];
        for (var k = 0; k < slices; k++)
        {
            int[] inside = [.. Enumerable.Range(0, LinePoints).Where(i => Slice(i) == k || (i > 0 && Slice(i - 1) == k))];
            if (inside.Length < 2) continue;
            var colour = (string)((object[])Palette.Viridis[(int)Math.Round(k * 10.0 / (slices - 1))])[1];
            double[] At(double[] values) => [.. inside.Select(i => values[i])];
            (var px, var pp, var pz, var pq) = (At(xs), At(ps), At(zs), At(qs));
            traces.Add(Filled([px[0], .. px, px[^1]], [0, .. pp, 0], high - low, pp.Max(), colour, "x", "y2"));
            traces.Add(Filled([0, .. pq, 0], [pz[0], .. pz, pz[^1]], pq.Max(), zs[^1] - zs[0], colour, "x2", "y"));
            traces.Add(new PlotlyObject
            {
                ["type"] = "scatter",
                ["mode"] = "lines",
                ["x"] = AxisNumbers.OnAxis(px, high - low),
                ["y"] = AxisNumbers.OnAxis(pz, zs[^1] - zs[0]),
                ["line"] = new PlotlyObject { ["color"] = colour, ["width"] = 4 },
                ["hovertemplate"] = "x %{x}, z %{y}<extra></extra>",
            });
        }
        layout["shapes"] = Enumerable.Range(1, slices - 1).Select(k => Array.FindIndex(mass, m => m >= k * mass[^1] / slices))
            .Where(i => i > 0)
            .SelectMany(i => Guides(xs[i], zs[i])).ToArray();
        return Make(title, layout, traces);

        int Slice(int i) => Math.Min(slices - 1, (int)(slices * mass[i] / mass[^1]));
    }

    private static double[] OnLine(Func<Tensor, Tensor> function, double[,] column, string what)
    {
        using var result = Tensors.At(function, column);
        if (result.numel() != column.Length)
            throw new ArgumentException($"Expected one value of the {what} for each of {column.Length} points; given "
                + $"{Tensors.Shape(result)}.");
        return Tensors.Values(result);
    }

    private static PlotlyObject Filled(double[] x, double[] y, double spanX, double spanY, string colour, string xAxis,
        string yAxis) => new()
        {
            ["type"] = "scatter",
            ["mode"] = "lines",
            ["x"] = AxisNumbers.OnAxis(x, spanX),
            ["y"] = AxisNumbers.OnAxis(y, spanY),
            ["fill"] = "toself",
            ["fillcolor"] = colour,
            ["line"] = new PlotlyObject { ["color"] = colour, ["width"] = 0.6 },
            ["hoverinfo"] = "skip",
            ["xaxis"] = xAxis,
            ["yaxis"] = yAxis,
        };

    // From the border of two slices up to the curve and over to z.
    private static IEnumerable<object> Guides(double x, double z)
    {
        PlotlyObject Line(string xref, string yref, object x0, object y0, object x1, object y1) => new()
        {
            ["type"] = "line",
            ["xref"] = xref,
            ["yref"] = yref,
            ["x0"] = x0,
            ["y0"] = y0,
            ["x1"] = x1,
            ["y1"] = y1,
            ["layer"] = "below",
            ["line"] = new PlotlyObject { ["color"] = Palette.Grey, ["width"] = 0.8, ["dash"] = "dot" },
        };
        yield return Line("x", "paper", x, 0.36, x, 1.0);
        yield return Line("paper", "y", 0.33, z, 1.0, z);
    }
}
