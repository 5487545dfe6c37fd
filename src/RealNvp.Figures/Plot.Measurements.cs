namespace RealNvp.Figures;

public sealed partial class Plot
{
    /// <summary>Measured values against a quantity that was varied, as joined points with error bars: a time against a size, an
    /// estimate against the number of its terms. For values over several decades add <see cref="WithLogX"/> and
    /// <see cref="WithLogY"/>.</summary>
    /// <param name="title">What to see.</param>
    /// <param name="x">Label of the x axis, with its unit.</param>
    /// <param name="y">Label of the y axis, with its unit.</param>
    /// <param name="series">Names, abscissas [N], values [N] and the half-lengths of their error bars [N] (an empty array for
    /// none).</param>
    /// <exception cref="ArgumentException">A label is blank, there is no series, or the lengths of one differ.</exception>
    public static Plot Measurements(string title, string x, string y,
        params (string Name, Series X, Series Y, Series Errors)[] series)
    {
        FigureArguments.Some(series, "series of measurements");
        return Make(title, Axes(x, y), series.Select((each, i) =>
        {
            if (each.X.Count != each.Y.Count || each.Errors.Count != 0 && each.Errors.Count != each.X.Count)
                throw new ArgumentException(
                    $"Expected as many values and errors as abscissas for '{each.Name}'; given {each.X.Count} abscissas, "
                    + $"{each.Y.Count} values and {each.Errors.Count} errors.");
            PlotlyObject trace = new()
            {
                ["type"] = "scatter",
                ["mode"] = "lines+markers",
                ["name"] = FigureArguments.Label(each.Name, "The name of a series"),
                ["x"] = AxisNumbers.Significant(each.X.Values, 6),
                ["y"] = AxisNumbers.Significant(each.Y.Values, 6),
                ["line"] = new PlotlyObject { ["color"] = Palette.Category(i), ["width"] = 1.8 },
                ["marker"] = new PlotlyObject
                {
                    ["color"] = Palette.Category(i),
                    ["size"] = 8,
                    ["symbol"] = i % 2 == 0
                    ? "circle" : "diamond"
                },
                ["hovertemplate"] = "%{x}: %{y}",
            };
            if (each.Errors.Count > 0 && each.Errors.Values.Any(error => error > 0))
            {
                trace["error_y"] = Errors(each.Errors.Values);
                trace.Inner("error_y")["color"] = Palette.Category(i);
            }
            return trace;
        }));
    }
}
