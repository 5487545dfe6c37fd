namespace RealNvp.Figures;

public sealed partial class Plot
{
    /// <summary>Histograms as densities (each has area 1), on common bins; put the density itself on top with <see cref="WithCurve"/>.</summary>
    /// <param name="title">What to see.</param>
    /// <param name="x">Label of the x axis, with its unit.</param>
    /// <param name="y">Label of the y axis: "density [1/min]".</param>
    /// <param name="samples">Names and values [N].</param>
    /// <exception cref="ArgumentException">A label is blank, there is no sample, or a sample has no finite value.</exception>
    public static Plot Histogram(string title, string x, string y, params (string Name, Series Values)[] samples)
    {
        Required.Some(samples, "sample");
        double[][] finite = [.. samples.Select(sample => sample.Values.Values.Where(double.IsFinite).ToArray())];
        if (Array.FindIndex(finite, values => values.Length == 0) is >= 0 and int empty)
            throw new ArgumentException($"Expected finite values to count; '{samples[empty].Name}' has none.", nameof(samples));
        (double low, double high) = Numbers.Range(finite.SelectMany(values => values));
        if (low == high) (low, high) = (low - 0.5, high + 0.5);
        int bins = Bins(finite, low, high);
        double width = (high - low) / bins;
        return Make(title, Axes(x, y), samples.Select((sample, i) => new Props
        {
            ["type"] = "bar",
            ["name"] = Required.Label(sample.Name, "The name of a sample"),
            ["x"] = Numbers.OnAxis(Enumerable.Range(0, bins).Select(bin => low + (bin + 0.5) * width), high - low),
            ["y"] = Numbers.Significant(Densities(finite[i], low, width, bins), 4),
            ["width"] = Numbers.Significant(width, 6),
            ["marker"] = new Props { ["color"] = Palette.Category(i), ["opacity"] = samples.Length == 1 ? 0.65 : 0.5, ["line"] = new Props { ["width"] = 0 } },
            ["hovertemplate"] = "%{x}: %{y}",
        })).Changed(layout => (layout["barmode"], layout["bargap"]) = ("overlay", 0));
    }

    // Freedman and Diaconis, 1981: a width of 2 IQR / N^(1/3), from the largest sample.
    private static int Bins(double[][] samples, double low, double high)
    {
        double[] sorted = [.. samples.MaxBy(values => values.Length)!.Order()];
        double iqr = sorted[(int)(0.75 * (sorted.Length - 1))] - sorted[(int)(0.25 * (sorted.Length - 1))];
        if (iqr <= 0) return 30;
        return (int)Math.Clamp(Math.Ceiling((high - low) / (2 * iqr / Math.Cbrt(sorted.Length))), 12, 120);
    }

    private static double[] Densities(double[] values, double low, double width, int bins)
    {
        double[] densities = new double[bins];
        foreach (double value in values) densities[Math.Clamp((int)((value - low) / width), 0, bins - 1)] += 1 / (values.Length * width);
        return densities;
    }
}
