namespace TorchSharp.Utils;

/// <summary>How many bins a histogram of a sample gets.</summary>
internal static class BinCount
{
    internal static long Choose(double[] sample, HistogramBinSelector rule)
    {
        if (sample.Length == 0) return 1;
        var spread = sample.Max() - sample.Min();
        if (spread == 0) return 1;
        if (rule == HistogramBinSelector.Stone) return Stone(sample, spread);
        var n = (double)sample.Length;
        var width = rule switch
        {
            HistogramBinSelector.Sqrt => spread / Math.Sqrt(n),
            HistogramBinSelector.Sturges => spread / (Math.Log2(n) + 1),
            HistogramBinSelector.Rice => spread / (2 * Math.Cbrt(n)),
            // Scott, Biometrika 66 (1979)
            HistogramBinSelector.Scott => Deviation(sample) * Math.Cbrt(24 * Math.Sqrt(Math.PI) / n),
            HistogramBinSelector.Doane => Doane(sample, spread),
            _ => throw new ArgumentException($"expected a rule for bins, got {rule}"),
        };
        return width > 0 ? Math.Max(1, (long)Math.Ceiling(spread / width)) : 1;
    }

    private static double Deviation(double[] sample)
    {
        var mean = sample.Average();
        return Math.Sqrt(sample.Average(x => (x - mean) * (x - mean)));
    }

    // Doane, The American Statistician 30 (1976): Sturges' rule with a term for skewness.
    private static double Doane(double[] sample, double spread)
    {
        var n = (double)sample.Length;
        if (n <= 2) return 0;
        var (mean, deviation) = (sample.Average(), Deviation(sample));
        if (deviation == 0) return 0;
        var skewness = sample.Average(x => Math.Pow((x - mean) / deviation, 3));
        var error = Math.Sqrt(6 * (n - 2) / ((n + 1) * (n + 3)));
        return spread / (1 + Math.Log2(n) + Math.Log2(1 + Math.Abs(skewness) / error));
    }

    // Stone (1984): the number of bins that minimises the cross-validated squared error.
    private static long Stone(double[] sample, double spread)
    {
        var n = sample.Length;
        var (low, best, least) = (sample.Min(), 1L, double.PositiveInfinity);
        for (var bins = 1L; bins <= Math.Max(100, (long)Math.Sqrt(n)); bins++)
        {
            var counts = new long[bins];
            foreach (var x in sample) counts[Math.Min((long)((x - low) / spread * bins), bins - 1)]++;
            var width = spread / bins;
            var loss = (2 - (n + 1) * counts.Sum(c => (double)c / n * c / n)) / width;
            if (loss < least) (best, least) = (bins, loss);
        }
        return best;
    }
}
