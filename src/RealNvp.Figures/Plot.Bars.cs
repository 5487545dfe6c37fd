using System.Globalization;

namespace RealNvp.Figures;

public sealed partial class Plot
{
    /// <summary>Bars from zero with their values upon them: counts, times, sizes. For values whose zero means nothing
    /// (log-likelihoods) take <see cref="Comparison"/>.</summary>
    /// <param name="title">What to see.</param>
    /// <param name="x">What the bars are: "model".</param>
    /// <param name="y">Label of the y axis, with its unit.</param>
    /// <param name="bars">Names, values and the half-lengths of their error bars (0 for none).</param>
    public static Plot Bars(string title, string x, string y, params (string Name, double Value, double Error)[] bars)
    {
        FigureArguments.Some(bars, "bar");
        PlotlyObject trace = new()
        {
            ["type"] = "bar",
            ["x"] = bars.Select(bar => FigureArguments.Label(bar.Name, "The name of a bar")).ToArray(),
            ["y"] = AxisNumbers.Significant(bars.Select(bar => bar.Value), 6),
            ["text"] = bars.Select(bar => Short(bar.Value)).ToArray(),
            ["textposition"] = bars.Any(bar => bar.Error > 0) ? "inside" : "outside",
            ["insidetextanchor"] = "middle",
            ["cliponaxis"] = false,
            ["marker"] = new PlotlyObject { ["color"] = bars.Select((_, i) => Palette.Category(i)).ToArray() },
            ["width"] = bars.Length <= 3 ? 0.45 : 0.65,
            ["hovertemplate"] = "%{x}: %{y}<extra></extra>",
        };
        if (bars.Any(bar => bar.Error > 0)) trace["error_y"] = Errors(bars.Select(bar => bar.Error));
        var layout = Axes(x, y);
        layout.Inner("xaxis")["type"] = "category";
        layout.Inner("xaxis")["showgrid"] = false;
        layout.Inner("yaxis")["rangemode"] = "tozero";
        return Make(title, layout, [trace]);
    }

    /// <summary>
    /// Values with their standard errors as points on a common axis, the largest on top: held-out log-likelihoods of several
    /// models.
    /// </summary>
    /// <param name="title">What to see.</param>
    /// <param name="value">Label of the axis of values, with its unit.</param>
    /// <param name="what">What is compared: "model".</param>
    /// <param name="rows">Names, values and the half-lengths of their error bars (0 for none).</param>
    public static Plot Comparison(string title, string value, string what,
        params (string Name, double Value, double Error)[] rows)
    {
        FigureArguments.Some(rows, "row");
        (string Name, double Value, double Error)[] ordered = [.. rows.OrderBy(row => row.Value)];
        PlotlyObject trace = new()
        {
            ["type"] = "scatter",
            ["mode"] = "markers+text",
            ["x"] = AxisNumbers.Significant(ordered.Select(row => row.Value), 6),
            ["y"] = ordered.Select(row => FigureArguments.Label(row.Name, "The name of a row")).ToArray(),
            ["text"] = ordered.Select(row => Measured(row.Value, row.Error)).ToArray(),
            ["textposition"] = "top center",
            ["cliponaxis"] = false,
            ["marker"] = new PlotlyObject { ["size"] = 12, ["color"] = Palette.Blue },
            ["error_x"] = Errors(ordered.Select(row => row.Error)),
            ["hovertemplate"] = "%{y}: %{x}<extra></extra>",
        };
        (var low, var high) =
            AxisNumbers.Padded((ordered.Min(row => row.Value - row.Error), ordered.Max(row => row.Value + row.Error)), 0.15);
        var layout = Axes(value, what, (low, high));
        layout["height"] = Math.Clamp(150 + 64 * rows.Length, 260, 900);
        var y = layout.Inner("yaxis");
        (y["type"], y["range"]) = ("category", new object[] { -0.5, rows.Length - 0.35 });
        return Make(title, layout, [trace]);
    }

    private static PlotlyObject Errors(IEnumerable<double> errors) => new()
    {
        ["type"] = "data",
        ["array"] = AxisNumbers.Significant(errors, 5),
        ["color"] = Palette.Grey,
        ["thickness"] = 1.8,
        ["width"] = 7,
    };

    // An error is said with two digits where it begins with 1, else with one, and the value with as many decimals.
    private static string Measured(double value, double error)
    {
        if (!(error > 0)) return Short(value);
        var exponent = (int)Math.Floor(Math.Log10(error));
        var decimals = Math.Clamp(error < 2 * Math.Pow(10, exponent) ? 1 - exponent : -exponent, 0, 8);
        return $"{Signed(value.ToString($"F{decimals}", CultureInfo.InvariantCulture))} ± "
            + $"{error.ToString($"F{decimals}", CultureInfo.InvariantCulture)}";
    }

    private static string Signed(string number) => number.Replace('-', '−');

    private static string Short(double value) => Signed(Math.Abs(value) switch
    {
        double.NaN => "NaN",
        < 10_000 when value == Math.Round(value) => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10_000 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 0.1 => value.ToString("0.00", CultureInfo.InvariantCulture),
        >= 0.001 => value.ToString("0.0000", CultureInfo.InvariantCulture),
        _ => value.ToString("0.0e0", CultureInfo.InvariantCulture),
    });
}
