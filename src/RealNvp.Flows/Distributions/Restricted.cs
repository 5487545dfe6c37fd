using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>
/// A density inside a region alone, p(x) 1[x in R] / P(R): samples are those of p that fall inside, and P(R) is measured by
/// samples of p. It is a view: p is not disposed with it, and has to outlive it.
/// </summary>
/// <example>
/// <code>
/// var half = new Restricted(new StandardNormal(1), x =&gt; x.select(1, 0).gt(0));
/// Console.WriteLine($"{half.Sample(100).min().ToDouble() &gt; 0} {half.LogProb(full(1, 1, -2.0f)).exp().ToDouble()}");
/// // prints True 0
/// </code>
/// </example>
public sealed class Restricted : Distribution
{
    private const long MostTries = 20_000_000;   // without one event inside
    private const long LeastBatch = 1024, LargestBatch = 65_536;

    private readonly Func<Distribution> whole;   // a field of its own type would make it a part of this one
    private readonly Func<Tensor, Tensor> inside;
    private readonly Lazy<double> mass;

    /// <summary>Joins a density and a region.</summary>
    /// <param name="density">p, which takes no context.</param>
    /// <param name="inside">Whether events [N, ...event] lie in R, [N] of booleans.</param>
    /// <param name="draws">Samples of p that P(R) is measured with, the first time that it is asked for.</param>
    /// <exception cref="ArgumentException">p takes a context, or draws is below 1.</exception>
    public Restricted(Distribution density, Func<Tensor, Tensor> inside, int draws = 20_000)
        : base(nameof(Restricted), (density ?? throw new ArgumentNullException(nameof(density))).EventShape)
    {
        ArgumentNullException.ThrowIfNull(inside);
        Arguments.AtLeastOne(draws);
        Inference.UnnormalizedDensity.RequireUnconditional(density);
        whole = () => density;
        this.inside = inside;
        mass = new(() => MassFrom(draws));
    }

    /// <summary>
    /// P(R), the part of p's samples that lie inside. Of K samples its relative standard error is sqrt((1 / P - 1) / K).
    /// </summary>
    /// <exception cref="InvalidOperationException">No sample lies inside.</exception>
    public double Mass => mass.Value;

    /// <inheritdoc/>
    protected internal override Tensor LogDensity(Tensor x, Tensor? context)
    {
        var log = whole().LogProb(x) - Math.Log(Mass);
        // Not-a-number is neither inside nor outside, and stays what it is.
        return log.masked_fill(Inside(x).logical_not() & log.isnan().logical_not(), double.NegativeInfinity);
    }

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator)
    {
        var parts = new List<Tensor>();
        var (tried, found) = (0L, 0L);
        while (found < n)
        {
            using var scope = NewDisposeScope();
            var expected = (n - found) * Math.Max(1, (double)tried / Math.Max(1, found));
            var count = (long)Math.Clamp(1.1 * expected, LeastBatch, LargestBatch);
            var x = whole().Sample(count, generator: generator);
            var kept = x.index_select(0, Inside(x).nonzero().squeeze(1));
            (tried, found) = (tried + count, found + kept.size(0));
            if (found == 0 && tried > MostTries)
                throw new InvalidOperationException($"None of {tried} samples of {whole().GetName()} lies in the region: it is "
                    + "too small to be reached by rejection.");
            parts.Add(scope.MoveToOuter(kept));
        }
        return parts.Count == 0 ? whole().Sample(0) : torch.cat(parts, 0).narrow(0, 0, n);
    }

    private Tensor Inside(Tensor x)
    {
        using var guard = torch.no_grad();
        var found = inside(x);
        return found.dim() == 1 && found.size(0) == x.size(0) && found.dtype == ScalarType.Bool ? found
            : throw new ArgumentException($"inside gives a boolean for each event, [{x.size(0)}] here, but it gave "
                + $"{Shapes.Text(found.shape)} of {found.dtype}.", nameof(inside));
    }

    private double MassFrom(int draws)
    {
        using var scope = NewDisposeScope();
        var part = Inside(whole().Sample(draws)).to(float64).mean().ToDouble();
        return part > 0 ? part : throw new InvalidOperationException($"None of {draws} samples of {whole().GetName()} lies in "
            + "the region, so that its mass is not known; give more draws.");
    }

    /// <inheritdoc/>
    public override string ToString() => StructureText.Of("Restricted to a region", [whole()]);
}
