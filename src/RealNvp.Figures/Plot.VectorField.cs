using static TorchSharp.torch;

namespace RealNvp.Figures;

public sealed partial class Plot
{
    private const int MostPaths = 60;
    private const int MostVerticesOfAPath = 120;

    /// <summary>
    /// A field of velocities as arrows, the longest as long as the grid is wide, perhaps with the paths of points that it carries
    /// along.
    /// </summary>
    /// <param name="title">What to see.</param>
    /// <param name="x">Label of the x axis, with its unit.</param>
    /// <param name="y">Label of the y axis, with its unit.</param>
    /// <param name="field">Points [N, 2] (float32, CPU) to velocities [N, 2].</param>
    /// <param name="domain">Where it is drawn.</param>
    /// <param name="paths">Paths [T, N, 2]: N points at T times, a dot where each one ends; at most 60 are drawn.</param>
    /// <param name="resolution">Arrows along each side.</param>
    /// <exception cref="ArgumentException">A label is blank, or the field or the paths have another shape.</exception>
    public static Plot VectorField(string title, string x, string y, Func<Tensor, Tensor> field, PlotArea domain,
        Tensor? paths = null, int resolution = 17)
    {
        ArgumentNullException.ThrowIfNull(field);
        ArgumentNullException.ThrowIfNull(domain);
        if (resolution is < 2 or > 60)
            throw new ArgumentOutOfRangeException(nameof(resolution), resolution, "Expected 2 to 60 arrows along each side.");
        var at = domain.Grid(resolution);
        using var velocity = Tensors.At(field, at);
        if (velocity.dim() != 2 || velocity.shape[0] != at.GetLength(0) || velocity.shape[1] != 2)
            throw new ArgumentException($"Expected a field of points [{at.GetLength(0)}, 2] with as many velocities; it "
                + $"returned {Tensors.Shape(velocity)}.", nameof(field));
        List<PlotlyObject> traces = [Arrows(at, Tensors.Matrix(velocity, "velocities [N, 2]"), domain, resolution)];
        if (paths is not null) traces.AddRange(Paths(paths, domain));
        double roomX = 0.5 * (domain.XHigh - domain.XLow) / (resolution - 1),
            roomY = 0.5 * (domain.YHigh - domain.YLow) / (resolution - 1);
        PlotArea around = new(domain.XLow - roomX, domain.XHigh + roomX, domain.YLow - roomY, domain.YHigh + roomY);
        return Make(title, PlaneAxes(x, y, around), traces);
    }

    private static PlotlyObject Arrows(double[,] at, double[,] velocity, PlotArea domain, int resolution)
    {
        double Speed(int i) => Math.Sqrt(velocity[i, 0] * velocity[i, 0] + velocity[i, 1] * velocity[i, 1]);
        int[] finite = [.. Enumerable.Range(0, at.GetLength(0)).Where(i => double.IsFinite(Speed(i)))];
        var fastest = finite.Select(Speed).DefaultIfEmpty(0).Max();
        var cell = Math.Min(domain.XHigh - domain.XLow, domain.YHigh - domain.YLow) / (resolution - 1);
        var scale = fastest > 0 ? 0.95 * cell / fastest : 0;
        List<double> xs = [];
        List<double> ys = [];
        foreach (var i in finite)
        {
            // From the middle of the shaft both ways; a head of a third of its length.
            (var dx, var dy) = (scale * velocity[i, 0], scale * velocity[i, 1]);
            (var tipX, var tipY) = (at[i, 0] + dx / 2, at[i, 1] + dy / 2);
            xs.AddRange([tipX - dx, tipX, double.NaN, tipX - 0.32 * dx - 0.16 * dy, tipX, tipX - 0.32 * dx + 0.16 * dy,
                double.NaN]);
            ys.AddRange([tipY - dy, tipY, double.NaN, tipY - 0.32 * dy + 0.16 * dx, tipY, tipY - 0.32 * dy - 0.16 * dx,
                double.NaN]);
        }
        return Strokes("velocity", xs, ys, domain, Palette.Blue, 1.3);
    }

    private static IEnumerable<PlotlyObject> Paths(Tensor paths, PlotArea domain)
    {
        if (paths.dim() != 3 || paths.shape[2] != 2 || paths.shape[0] < 2)
            throw new ArgumentException($"Expected paths of shape [T, N, 2] with T at least 2; given {Tensors.Shape(paths)}.",
                nameof(paths));
        var values = Tensors.Values(paths);
        (var times, var count) = ((int)paths.shape[0], (int)paths.shape[1]);
        List<double> xs = [];
        List<double> ys = [];
        var shown = AxisNumbers.Thinned(count, MostPaths);
        foreach (var n in shown)
        {
            foreach (var t in AxisNumbers.Thinned(times, MostVerticesOfAPath))
            {
                xs.Add(values[2 * (t * count + n)]);
                ys.Add(values[2 * (t * count + n) + 1]);
            }
            xs.Add(double.NaN);
            ys.Add(double.NaN);
        }
        yield return Strokes("paths", xs, ys, domain, Palette.Orange, 1.6);
        var last = 2 * (times - 1) * count;
        var ends = Cloud("ends",
            Points.From([.. shown.Select(n => values[last + 2 * n])], [.. shown.Select(n => values[last + 2 * n + 1])]),
            MostPaths, domain, 1);
        ends["marker"] = new PlotlyObject { ["color"] = Palette.Vermilion, ["size"] = 6, ["symbol"] = "circle" };
        yield return ends;
    }

    private static PlotlyObject Strokes(string name, List<double> xs, List<double> ys, PlotArea domain, string colour,
        double width) => new()
        {
            ["type"] = "scatter",
            ["mode"] = "lines",
            ["name"] = name,
            ["x"] = AxisNumbers.OnAxis(xs, domain.XHigh - domain.XLow),
            ["y"] = AxisNumbers.OnAxis(ys, domain.YHigh - domain.YLow),
            ["line"] = new PlotlyObject { ["color"] = colour, ["width"] = width },
            ["connectgaps"] = false,
            ["hoverinfo"] = "skip",
        };
}
