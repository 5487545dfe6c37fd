using static TorchSharp.torch;

namespace RealNvp.Figures;

/// <summary>What the colours and contours of a density show.</summary>
public enum DensityScale
{
    /// <summary>p(x).</summary>
    Linear,
    /// <summary>log p(x) in nats, down to 12 below its maximum.</summary>
    Log,
    /// <summary>
    /// The mass of the smallest region that holds the point: the contour at 0.9 encloses 90 % of the distribution.
    /// </summary>
    Mass,
}

public sealed partial class Plot
{
    private const double LogDepth = 12;

    /// <summary>A density of the plane, as colours under contour lines, perhaps with points upon it.</summary>
    /// <param name="title">What to see.</param>
    /// <param name="x">Label of the x axis, with its unit.</param>
    /// <param name="y">Label of the y axis, with its unit.</param>
    /// <param name="logDensity">Points [N, 2] (float32, CPU) to log p [N], in nats.</param>
    /// <param name="domain">Where it is drawn.</param>
    /// <param name="points">Points to draw upon it, if any.</param>
    /// <param name="scale">What colours and contours show.</param>
    /// <param name="resolution">Evaluations along each side.</param>
    /// <exception cref="ArgumentException">A label is blank, or the function returns another number of values than it was given
    /// points.</exception>
    public static Plot Density(string title, string x, string y, Func<Tensor, Tensor> logDensity, PlotArea domain,
        (string Name, Points Points)? points = null, DensityScale scale = DensityScale.Linear, int resolution = 90)
    {
        var logs = OnGrid(logDensity, domain, resolution);
        var layout = PlaneAxes(x, y, domain);
        List<PlotlyObject> traces = [Contours(logs, domain, resolution, scale)];
        if (points is { } cloud)
        {
            var marks = Cloud(cloud.Name, cloud.Points, 3000, domain, 0);
            marks["marker"] = new PlotlyObject
            {
                ["color"] = "rgba(255,255,255,0.85)",
                ["size"] = cloud.Points.Count <= 600 ? 4.5 : 3,
                ["line"] = new PlotlyObject { ["color"] = "rgba(0,0,0,0.7)", ["width"] = 0.7 },
            };
            traces.Add(marks);
        }
        return Make(title, layout, traces);
    }

    /// <summary>A density of the plane as a surface to turn.</summary>
    /// <param name="title">What to see.</param>
    /// <param name="x">Label of the x axis, with its unit.</param>
    /// <param name="y">Label of the y axis, with its unit.</param>
    /// <param name="z">Label of the vertical axis, with its unit.</param>
    /// <param name="height">Points [N, 2] (float32, CPU) to heights [N].</param>
    /// <param name="domain">Where it is drawn.</param>
    /// <param name="resolution">Evaluations along each side.</param>
    public static Plot Surface(string title, string x, string y, string z, Func<Tensor, Tensor> height, PlotArea domain,
        int resolution = 70)
    {
        var values = OnGrid(height, domain, resolution);
        PlotlyObject layout = new()
        {
            ["height"] = 540,
            ["margin"] = new PlotlyObject { ["l"] = 0, ["r"] = 0, ["b"] = 8 },
            ["scene"] = new PlotlyObject
            {
                ["xaxis"] = Axis(FigureArguments.Label(x, "The label of the x axis")),
                ["yaxis"] = Axis(FigureArguments.Label(y, "The label of the y axis")),
                ["zaxis"] = Axis(FigureArguments.Label(z, "The label of the z axis")),
                ["aspectmode"] = "manual",
                ["aspectratio"] = new PlotlyObject { ["x"] = 1.15, ["y"] = 1.15, ["z"] = 0.65 },
                ["camera"] = new PlotlyObject
                {
                    ["eye"] = new PlotlyObject { ["x"] = -1.25, ["y"] = -1.35, ["z"] = 0.95 },
                    ["center"] = new PlotlyObject { ["z"] = -0.12 }
                },
            },
        };
        PlotlyObject surface = new()
        {
            ["type"] = "surface",
            ["x"] = AxisNumbers.OnAxis(AxisNumbers.Spaced(domain.XLow, domain.XHigh, resolution), domain.XHigh - domain.XLow),
            ["y"] = AxisNumbers.OnAxis(AxisNumbers.Spaced(domain.YLow, domain.YHigh, resolution), domain.YHigh - domain.YLow),
            ["z"] = Rows(values, resolution),
            ["colorscale"] = Palette.Viridis,
            ["showscale"] = false,
            ["contours"] = new PlotlyObject
            {
                ["z"] =
                new PlotlyObject { ["show"] = true, ["usecolormap"] = true, ["highlight"] = false, ["width"] = 1 }
            },
            ["lighting"] = new PlotlyObject { ["ambient"] = 0.75, ["diffuse"] = 0.6, ["specular"] = 0.08, ["roughness"] = 0.9 },
            ["hovertemplate"] = "(%{x}, %{y}): %{z}<extra></extra>",
        };
        return Make(title, layout, [surface]);
    }

    private static double[] OnGrid(Func<Tensor, Tensor> function, PlotArea domain, int resolution)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(domain);
        if (resolution is < 5 or > 400)
            throw new ArgumentOutOfRangeException(nameof(resolution), resolution, "Expected a resolution of 5 to 400.");
        using var result = Tensors.At(function, domain.Grid(resolution));
        var values = Tensors.Values(result);
        if (values.Length != resolution * resolution)
            throw new ArgumentException($"Expected one value for each of {resolution * resolution} points; the function "
                + $"returned {values.Length}.", nameof(function));
        return values;
    }

    private static PlotlyObject Contours(double[] logs, PlotArea domain, int resolution, DensityScale scale)
    {
        (var shown, var name, var colours) = scale switch
        {
            DensityScale.Log => (Floored(logs), "log p [nats]", Palette.Viridis),
            DensityScale.Mass => (EnclosedMass(logs), "mass inside", Palette.Viridis.Reverse()
                .Select((stop, i) => (object)new[] { ((object[])Palette.Viridis[i])[0], ((object[])stop)[1] }).ToArray()),
            _ => (logs.Select(Math.Exp).ToArray(), "p(x)", Palette.Viridis),
        };
        PlotlyObject contours = new() { ["coloring"] = "heatmap", ["showlines"] = true };
        if (scale == DensityScale.Mass) (contours["start"], contours["end"], contours["size"]) = (0.1, 0.9, 0.2);
        PlotlyObject trace = new()
        {
            ["type"] = "contour",
            ["x"] = AxisNumbers.OnAxis(AxisNumbers.Spaced(domain.XLow, domain.XHigh, resolution), domain.XHigh - domain.XLow),
            ["y"] = AxisNumbers.OnAxis(AxisNumbers.Spaced(domain.YLow, domain.YHigh, resolution), domain.YHigh - domain.YLow),
            ["z"] = Rows(shown, resolution),
            ["colorscale"] = colours,
            ["contours"] = contours,
            ["line"] = new PlotlyObject { ["color"] = "rgba(255,255,255,0.45)", ["width"] = 0.8 },
            ["colorbar"] = new PlotlyObject
            {
                ["title"] = new PlotlyObject { ["text"] = name },
                ["thickness"] = 12,
                ["outlinewidth"] = 0,
                ["len"] = 0.9
            },
            ["hovertemplate"] = $"(%{{x}}, %{{y}})<br>{name}: %{{z}}<extra></extra>",
        };
        if (scale == DensityScale.Mass) trace["autocontour"] = false;
        else trace["ncontours"] = 12;
        return trace;
    }

    // Far from its data a flow's log-density falls without bound; the lowest colours are kept for what can still be compared.
    private static double[] Floored(double[] logs)
    {
        var highest = logs.Where(double.IsFinite).DefaultIfEmpty(0).Max();
        return [.. logs.Select(log => double.IsNaN(log) ? log : Math.Max(log, highest - LogDepth))];
    }

    // The mass of all cells that are at least as dense as this one.
    private static double[] EnclosedMass(double[] logs)
    {
        var highest = logs.Where(double.IsFinite).DefaultIfEmpty(0).Max();
        double[] weights = [.. logs.Select(log => double.IsNaN(log) ? 0 : Math.Exp(log - highest))];
        var total = weights.Sum();
        var enclosed = new double[logs.Length];
        double sum = 0;
        foreach (var i in Enumerable.Range(0, logs.Length).OrderByDescending(i => weights[i]))
        {
            sum += weights[i];
            enclosed[i] = sum / total;
        }
        return enclosed;
    }

    // Row by row from the bottom. Values below a ten-thousandth of the largest are drawn as what they look like: zero.
    private static double?[][] Rows(double[] values, int resolution)
    {
        (var low, var high) = AxisNumbers.Range(values);
        var step = Math.Max(high - low, double.Epsilon);
        return [.. Enumerable.Range(0, resolution)
            .Select(row => AxisNumbers.OnAxis(values.Skip(row * resolution).Take(resolution), step))];
    }
}
