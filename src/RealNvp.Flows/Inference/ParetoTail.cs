namespace RealNvp.Flows.Inference;

/// <summary>
/// The shape of the generalised Pareto law that the largest of some weights follow, by Zhang and Stephens's estimate (2009,
/// "A new and efficient estimation method for the generalized Pareto distribution"), drawn a little towards 1/2 where there are
/// few (Vehtari et al. 2024, arXiv:1507.02646, appendix C).
/// </summary>
internal static class ParetoTail
{
    private const int Fewest = 5;

    /// <summary>k; infinite where too few weights differ from 0 to tell.</summary>
    internal static double Shape(double[] logWeights)
    {
        var sorted = logWeights.Order().ToArray();
        var tail = (int)Math.Min(0.2 * sorted.Length, 3 * Math.Sqrt(sorted.Length));
        var cut = sorted.Length - tail - 1;
        if (tail < Fewest || double.IsNegativeInfinity(sorted[cut])) return double.PositiveInfinity;
        var floor = Math.Exp(sorted[cut] - sorted[^1]);
        double[] excess = [.. sorted[(cut + 1)..].Select(log => Math.Exp(log - sorted[^1]) - floor).Where(e => e > 0)];
        if (excess.Length < Fewest) return 0;   // weights that are all alike have no tail
        var m = 30 + (int)Math.Sqrt(excess.Length);
        var quartile = excess[(int)(excess.Length / 4.0 + 0.5) - 1];
        double[] thetas = [.. Enumerable.Range(1, m).Select(j =>
            1 / excess[^1] + (1 - Math.Sqrt(m / (j - 0.5))) / (3 * quartile))];
        double Of(double theta) => excess.Average(e => double.LogP1(-theta * e));
        double[] profile = [.. thetas.Select(t => excess.Length * (Math.Log(-t / Of(t)) - Of(t) - 1))];
        var most = profile.Max();
        double[] weights = [.. profile.Select(p => Math.Exp(p - most))];
        var theta = thetas.Zip(weights, (t, w) => t * w).Sum() / weights.Sum();
        return (Of(theta) * excess.Length + 10 * 0.5) / (excess.Length + 10);
    }
}
