using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Evaluation;

/// <summary>
/// The empirical distribution function of a sample on the line, F(x) = #{x_i at most x} / n, and its generalised inverse.
/// </summary>
public sealed class EmpiricalCdf
{
    private readonly double[] sorted;

    /// <summary>Of a sample [n].</summary>
    /// <exception cref="ArgumentException">The sample is empty, not one-dimensional, or holds a value that is not
    /// finite.</exception>
    public EmpiricalCdf(Tensor sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (sample.dim() != 1 || sample.size(0) == 0)
            throw new ArgumentException("An empirical distribution needs a sample [n] that is not empty, but was given "
                + $"{Shapes.Text(sample.shape)}.", nameof(sample));
        Data.Finite.Require(sample, nameof(sample));
        using var scope = NewDisposeScope();
        sorted = sample.to(torch.float64).cpu().data<double>().ToArray();
        Array.Sort(sorted);
    }

    /// <summary>The sample in increasing order.</summary>
    public IReadOnlyList<double> Sorted => sorted;

    /// <summary>F(x).</summary>
    /// <exception cref="ArgumentOutOfRangeException">x is NaN.</exception>
    public double Cdf(double x)
    {
        if (double.IsNaN(x)) throw new ArgumentOutOfRangeException(nameof(x), x, "A distribution function takes numbers.");
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] <= x) low = middle + 1;
            else high = middle;
        }
        return (double)low / sorted.Length;
    }

    /// <summary>The generalised inverse, F^-(u) = the least x with F(x) at least u, for u in (0, 1].</summary>
    /// <exception cref="ArgumentOutOfRangeException">u is outside (0, 1].</exception>
    public double Quantile(double u)
    {
        if (!(u is > 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(u), u, "A quantile's level lies in (0, 1].");
        // The rounding of u n may fall on either side of a whole number k that u = k / n meant.
        var k = (int)Math.Ceiling(u * sorted.Length * (1 - 1e-15)) - 1;
        return sorted[Math.Clamp(k, 0, sorted.Length - 1)];
    }
}
