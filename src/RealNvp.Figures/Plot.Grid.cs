using static TorchSharp.torch;

namespace RealNvp.Figures;

public sealed partial class Plot
{
    private const int VerticesPerLine = 81;

    /// <summary>A square grid beside its image under a map of the plane: what a flow does to space. Lines of constant x are blue,
    /// lines of constant y orange, here as there.</summary>
    /// <param name="title">What to see.</param>
    /// <param name="from">Name of the plane that the grid lies in: "latent z".</param>
    /// <param name="to">Name of the plane that it is mapped to: "data x".</param>
    /// <param name="map">Points [N, 2] (float32, CPU) to points [N, 2].</param>
    /// <param name="domain">Where the grid lies.</param>
    /// <param name="lines">Lines in each direction.</param>
    /// <exception cref="ArgumentException">A label is blank, or the map returns another number of points than it was
    /// given.</exception>
    public static Plot GridUnderMap(string title, string from, string to, Func<Tensor, Tensor> map, PlotArea domain,
        int lines = 17)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(domain);
        FigureArguments.Label(from, "The name of the first plane");
        FigureArguments.Label(to, "The name of the second plane");
        if (lines is < 2 or > 101)
            throw new ArgumentOutOfRangeException(nameof(lines), lines, "Expected 2 to 101 lines in each direction.");

        var grid = GridLines(domain, lines);
        using var mapped = Tensors.At(map, grid);
        if (mapped.dim() != 2 || mapped.shape[0] != grid.GetLength(0) || mapped.shape[1] != 2)
            throw new ArgumentException(
                $"Expected a map of points [{grid.GetLength(0)}, 2] to as many points of the plane; it returned "
                + $"{Tensors.Shape(mapped)}.", nameof(map));
        var image = Tensors.Matrix(mapped, "points [N, 2]");
        return SideBySide(title, false, GridPanel(from, grid, domain, lines), GridPanel(to, image, ImageDomain(image), lines));
    }

    private static Plot GridPanel(string plane, double[,] points, PlotArea domain, int lines)
    {
        var half = lines * VerticesPerLine;
        return Make(plane, PlaneAxes($"{plane}, first coordinate", $"{plane}, second coordinate", domain),
            [GridTrace("lines of constant first coordinate", points, 0, lines, domain, Palette.Blue),
            GridTrace("lines of constant second coordinate", points, half, lines, domain, Palette.Orange)]);
    }

    private static PlotlyObject GridTrace(string name, double[,] points, int start, int lines, PlotArea domain, string colour)
    {
        List<double> xs = [];
        List<double> ys = [];
        for (var line = 0; line < lines; line++)
        {
            for (var k = 0; k < VerticesPerLine; k++)
            {
                var i = start + line * VerticesPerLine + k;
                xs.Add(points[i, 0]);
                ys.Add(points[i, 1]);
            }
            xs.Add(double.NaN);
            ys.Add(double.NaN);
        }
        return new PlotlyObject
        {
            ["type"] = "scatter",
            ["mode"] = "lines",
            ["name"] = name,
            ["x"] = AxisNumbers.OnAxis(xs, 4 * (domain.XHigh - domain.XLow)),
            ["y"] = AxisNumbers.OnAxis(ys, 4 * (domain.YHigh - domain.YLow)),
            ["line"] = new PlotlyObject { ["color"] = colour, ["width"] = 1.3 },
            ["connectgaps"] = false,
            ["hoverinfo"] = "skip",
        };
    }

    // First every line of constant x, from below to above, then every line of constant y, from left to right.
    private static double[,] GridLines(PlotArea domain, int lines)
    {
        (var xs, var ys) =
            (AxisNumbers.Spaced(domain.XLow, domain.XHigh, lines), AxisNumbers.Spaced(domain.YLow, domain.YHigh, lines));
        var points = new double[2 * lines * VerticesPerLine, 2];
        for (var line = 0; line < lines; line++)
        {
            for (var k = 0; k < VerticesPerLine; k++)
            {
                var along = k / (VerticesPerLine - 1.0);
                var vertical = line * VerticesPerLine + k;
                var horizontal = vertical + lines * VerticesPerLine;
                (points[vertical, 0], points[vertical, 1]) = (xs[line], domain.YLow + along * (domain.YHigh - domain.YLow));
                (points[horizontal, 0], points[horizontal, 1]) = (domain.XLow + along * (domain.XHigh - domain.XLow), ys[line]);
            }
        }
        return points;
    }

    // A flow may throw the corners of its grid very far: the picture shows the middle 96 % of it and lets the rest leave the
    // frame.
    private static PlotArea ImageDomain(double[,] image)
    {
        (double Low, double High) Middle(int column)
        {
            double[] sorted = [.. Enumerable.Range(0, image.GetLength(0)).Select(i => image[i, column]).Where(double.IsFinite)
                .Order()];
            if (sorted.Length == 0) throw new ArgumentException("Expected a map with finite values; it returned none.");
            return AxisNumbers.Padded((sorted[(int)(0.02 * (sorted.Length - 1))], sorted[(int)(0.98 * (sorted.Length - 1))]),
                0.15);
        }

        ((var xLow, var xHigh), (var yLow, var yHigh)) = (Middle(0), Middle(1));
        return new PlotArea(xLow, xHigh, yLow, yHigh);
    }
}
