using RealNvp.Flows.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Evaluation;

/// <summary>Do two samples come from one distribution? Distances between samples, and p-values by permutation.</summary>
/// <example>
/// <code>
/// var (a, b) = (Toys.Moons(200, seed: 1), Toys.Moons(200, seed: 2));
/// Console.WriteLine(TwoSample.EnergyTest(a, b, permutations: 99) &gt; 0.01);   // nothing tells them apart
/// // prints True
/// </code>
/// </example>
public static partial class TwoSample
{
    /// <summary>
    /// The energy distance, 2 E|X - Y| - E|X - X'| - E|Y - Y'|, estimated without bias: 0 in the mean when the distributions
    /// agree, above 0 otherwise (Szekely, Rizzo 2004).
    /// </summary>
    /// <param name="x">A sample [n, d], n at least 2.</param>
    /// <param name="y">A sample [m, d], m at least 2.</param>
    public static double EnergyDistance(Tensor x, Tensor y)
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var (n, all) = Pool(x, y);
        var (first, second) = (all.narrow(0, 0, n), all.narrow(0, n, all.size(0) - n));
        var m = second.size(0);
        return 2 * SumOfDistances(first, second) / ((double)n * m)
            - SumOfDistances(first, first) / ((double)n * (n - 1)) - SumOfDistances(second, second) / ((double)m * (m - 1));
    }

    /// <summary>
    /// The squared maximum mean discrepancy under a normal kernel, E k(X, X') + E k(Y, Y') - 2 E k(X, Y), estimated without bias
    /// (Gretton et al. 2012).
    /// </summary>
    /// <param name="x">A sample [n, d], n at least 2.</param>
    /// <param name="y">A sample [m, d], m at least 2.</param>
    /// <param name="bandwidth">The kernel's standard deviation; null is the median distance in the pooled sample.</param>
    public static double Mmd(Tensor x, Tensor y, double? bandwidth = null)
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        if (bandwidth is { } width) Arguments.Positive(width, nameof(bandwidth));
        var (n, all) = Pool(x, y);
        return Contrast(Kernel(all, bandwidth), Labels(n, all.size(0), all));
    }

    /// <summary>
    /// The part of permutations of the pooled sample whose energy distance is at least the one seen: small when the samples
    /// differ.
    /// </summary>
    /// <param name="x">A sample [n, d].</param>
    /// <param name="y">A sample [m, d].</param>
    /// <param name="permutations">How many; the least p-value is 1 / (permutations + 1).</param>
    /// <param name="seed">Determines them.</param>
    public static double EnergyTest(Tensor x, Tensor y, int permutations = 999, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(permutations);
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var (n, all) = Pool(x, y);
        var affinity = torch.cdist(all, all).neg();
        var labels = Labels(n, all.size(0), all);
        var seen = Contrast(affinity, labels);
        using var generator = new Generator();
        generator.manual_seed(seed);
        var above = 0;
        for (var k = 0; k < permutations; k++)
        {
            using var inner = NewDisposeScope();
            var order = torch.randperm(all.size(0), generator: generator).to(all.device);
            if (Contrast(affinity, labels.index_select(0, order)) >= seen) above++;
        }
        return (above + 1.0) / (permutations + 1);
    }

    /// <summary>
    /// The Kolmogorov-Smirnov statistic, the largest distance between a sample's distribution function and a given CDF.
    /// </summary>
    /// <param name="sample">A sample [n].</param>
    /// <param name="cdf">The CDF, applied to the sorted sample [n].</param>
    /// <exception cref="ArgumentException">The sample is empty, or it or the CDF holds a value that is no number; its row is
    /// named.</exception>
    public static double KolmogorovSmirnov(Tensor sample, Func<Tensor, Tensor> cdf)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(cdf);
        if (sample.dim() != 1 || sample.size(0) == 0)
            throw new ArgumentException("A sample [n] of at least one event is tested, but was given "
                + $"{Shapes.Text(sample.shape)}.", nameof(sample));
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        Finite.Require(sample, nameof(sample));
        var sorted = sample.to(torch.float64).sort().Values;
        var n = sorted.size(0);
        var f = cdf(sorted);
        Finite.RequireNumbers(f, nameof(cdf));
        var step = torch.arange(0L, n, dtype: torch.float64);
        return Math.Max(((step + 1) / n - f).max().ToDouble(), (f - step / n).max().ToDouble());
    }

    private static (long Count, Tensor Pooled) Pool(Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.dim() != 2 || y.dim() != 2 || x.size(1) != y.size(1) || x.size(0) < 2 || y.size(0) < 2)
            throw new ArgumentException(
                $"Two samples [n, d] and [m, d] of at least 2 events are compared, but was given {Shapes.Text(x.shape)} and "
                + $"{Shapes.Text(y.shape)}.");
        Finite.Require(x, nameof(x));
        Finite.Require(y, nameof(y));
        return (x.size(0), torch.cat([x.to(torch.float64), y.to(torch.float64)], 0));
    }

    /// <summary>
    /// Of every point of a to every one of b: some rows at a time, so that memory does not grow with their product.
    /// </summary>
    private static double SumOfDistances(Tensor a, Tensor b)
    {
        const long Rows = 512;
        var sum = 0.0;
        for (var at = 0L; at < a.size(0); at += Rows)
        {
            using var scope = NewDisposeScope();
            sum += torch.cdist(a.narrow(0, at, Math.Min(Rows, a.size(0) - at)), b).sum().ToDouble();
        }
        return sum;
    }

    /// <summary>1 for events of the first sample, 0 for the second, [n + m].</summary>
    private static Tensor Labels(long n, long total, Tensor like) =>
        torch.arange(total, device: like.device).lt(n).to(torch.float64);

    private static Tensor Kernel(Tensor all, double? bandwidth)
    {
        var distance = torch.cdist(all, all);
        var apart = distance.masked_select(distance.gt(0));
        var scale = bandwidth ?? (apart.numel() == 0 ? 1 : apart.median().ToDouble());   // of one point over and over, any
        return (distance.square() * (-0.5 / (scale * scale))).exp();
    }

    /// <summary>Mean affinity inside the samples less that between them, leaving out each event with itself.</summary>
    private static double Contrast(Tensor affinity, Tensor first)
    {
        var second = 1 - first;
        var (n, m) = (first.sum().ToDouble(), second.sum().ToDouble());
        var own = affinity.diagonal();
        var toFirst = affinity.mv(first);
        var (ff, fs) = (first.dot(toFirst).ToDouble(), second.dot(toFirst).ToDouble());
        var ss = second.dot(affinity.mv(second)).ToDouble();
        return (ff - own.dot(first).ToDouble()) / (n * (n - 1))
            + (ss - own.dot(second).ToDouble()) / (m * (m - 1)) - 2 * fs / (n * m);
    }
}
