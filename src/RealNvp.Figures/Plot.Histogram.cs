namespace RealNvp.Figures;

public sealed partial class Plot
{
    /// <summary>
    /// Histograms as densities (each has area 1), on common bins: the first as bars, the others as outlines, so that none hides
    /// another; put the density itself on top with <see cref="WithCurve"/>.
    /// </summary>
    /// <param name="title">What to see.</param>
    /// <param name="x">Label of the x axis, with its unit.</param>
    /// <param name="y">Label of the y axis: "density [1/min]".</param>
    /// <param name="samples">Names and values [N].</param>
    /// <exception cref="ArgumentException">A label is blank, there is no sample, or a sample has no finite value.</exception>
    public static Plot Histogram(string title, string x, string y, params (string Name, Series Values)[] samples)
    {
        FigureArguments.Some(samples, "sample");
        double[][] finite = [.. samples.Select(sample => sample.Values.Values.Where(double.IsFinite).ToArray())];
        if (Array.FindIndex(finite, values => values.Length == 0) is >= 0 and int empty)
            throw new ArgumentException($"Expected finite values to count; '{samples[empty].Name}' has none.", nameof(samples));
        (var low, var high) = AxisNumbers.Range(finite.SelectMany(values => values));
        if (low == high) (low, high) = (low - 0.5, high + 0.5);
        var bins = Bins(finite, low, high);
        var width = (high - low) / bins;
        return Make(title, Axes(x, y), samples.Select((sample, i) =>
        {
            var name = FigureArguments.Label(sample.Name, "The name of a sample");
            var heights = Densities(finite[i], low, width, bins);
            return i == 0 ? Bars(name, low, width, heights, samples.Length == 1) : Outline(name, low, width, heights, i);
        })).Changed(layout => (layout["barmode"], layout["bargap"]) = ("overlay", 0));
    }

    private static PlotlyObject Bars(string name, double low, double width, double[] heights, bool alone) => new()
    {
        ["type"] = "bar",
        ["name"] = name,
        ["x"] = AxisNumbers.OnAxis(heights.Select((_, bin) => low + (bin + 0.5) * width), heights.Length * width),
        ["y"] = AxisNumbers.Significant(heights, 4),
        ["width"] = AxisNumbers.Significant(width, 6),
        ["marker"] = new PlotlyObject
        {
            ["color"] = Palette.Category(0),
            ["opacity"] = alone ? 0.65 : 0.45,
            ["line"] = new PlotlyObject { ["width"] = 0 }
        },
        ["hovertemplate"] = "%{x}: %{y}",
    };

    // Up at the left edge of a bin, along its top, down at the right edge of the last.
    private static PlotlyObject Outline(string name, double low, double width, double[] heights, int index)
    {
        var edges = Enumerable.Range(0, heights.Length + 1).SelectMany(bin => new[] { low + bin * width, low + bin * width });
        var outline = Curve(name, [.. edges], [0, .. heights.SelectMany(height => new[] { height, height }), 0], index);
        outline["hovertemplate"] = "%{x}: %{y}";
        return outline;
    }

    // Freedman and Diaconis, 1981: a width of 2 IQR / N^(1/3), from the largest sample.
    private static int Bins(double[][] samples, double low, double high)
    {
        double[] sorted = [.. samples.MaxBy(values => values.Length)!.Order()];
        var iqr = sorted[(int)(0.75 * (sorted.Length - 1))] - sorted[(int)(0.25 * (sorted.Length - 1))];
        if (iqr <= 0) return 30;
        return (int)Math.Clamp(Math.Ceiling((high - low) / (2 * iqr / Math.Cbrt(sorted.Length))), 12, 120);
    }

    private static double[] Densities(double[] values, double low, double width, int bins)
    {
        var densities = new double[bins];
        foreach (var value in values)
            densities[Math.Clamp((int)((value - low) / width), 0, bins - 1)] += 1 / (values.Length * width);
        return densities;
    }
}
