namespace RealNvp.Figures;

public sealed partial class Plot
{
    /// <summary>Loss against step, training beside held-out; the lowest point of the last curve is marked, since that is where
    /// early stopping ends.</summary>
    /// <param name="title">What to see.</param>
    /// <param name="x">Label of the x axis: "step" or "epoch".</param>
    /// <param name="y">Label of the y axis: "mean negative log-likelihood [nats]".</param>
    /// <param name="curves">Names, steps [N] and losses [N]; NaN leaves a gap.</param>
    public static Plot TrainingCurve(string title, string x, string y, params (string Name, Series Steps, Series Losses)[] curves)
    {
        var plot = Lines(title, x, y, curves);
        (var name, var steps, var losses) = curves[^1];
        int[] finite = [.. Enumerable.Range(0, losses.Count).Where(i => double.IsFinite(losses.Values[i]))];
        var layout = plot.Layout.Copy();
        layout["hovermode"] = "x unified";
        layout.Inner("yaxis")["range"] = LossRange(curves.Select(curve => curve.Losses));
        if (finite.Length == 0) return new Plot(title, layout, plot.Traces);

        var best = finite.MinBy(i => losses.Values[i]);
        PlotlyObject mark = new()
        {
            ["type"] = "scatter",
            ["mode"] = "markers",
            ["x"] = new[] { AxisNumbers.Significant(steps.Values[best], 6) },
            ["y"] = new[] { AxisNumbers.Significant(losses.Values[best], 6) },
            ["showlegend"] = false,
            ["marker"] = new PlotlyObject
            {
                ["size"] = 11,
                ["symbol"] = "circle-open",
                ["color"] = Palette.Vermilion,
                ["line"] = new PlotlyObject { ["width"] = 2.5 }
            },
            ["hovertemplate"] = "lowest<extra></extra>",
        };
        layout["annotations"] = new object[]
        {
            new PlotlyObject
            {
                ["x"] = AxisNumbers.Significant(steps.Values[best], 6),
                ["y"] = AxisNumbers.Significant(losses.Values[best], 6),
                ["text"] = FormattableString.Invariant(
                    $"lowest {name}: {losses.Values[best]:0.000} at {steps.Values[best]:0.##}"),
                ["showarrow"] = true,
                ["arrowhead"] = 0,
                ["arrowwidth"] = 1,
                ["arrowcolor"] = Palette.Vermilion,
                ["ax"] = steps.Values[best] > 0.6 * steps.Values.Max() ? -70 : 70,
                ["ay"] = -42,
                ["font"] = new PlotlyObject { ["size"] = 12 },
            },
        };
        return new Plot(title, layout, [.. plot.Traces, mark]);
    }

    // The first steps of training lie far above the rest and would press it flat: the axis shows the lower 98 % of the losses.
    private static object[] LossRange(IEnumerable<Series> losses)
    {
        double[] sorted = [.. losses.SelectMany(series => series.Values).Where(double.IsFinite).Order()];
        if (sorted.Length == 0) return AxisNumbers.AsRange((0, 1));
        var high = sorted[(int)(0.98 * (sorted.Length - 1))];
        return AxisNumbers.AsRange(AxisNumbers.Padded((sorted[0], Math.Max(high, sorted[0] + 1e-6)), 0.12));
    }
}
