using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>The Beta(a, b) density on (0, 1): log p(x) = (a - 1) log x + (b - 1) log(1 - x) - log B(a, b).</summary>
public sealed class Beta : IndependentDistribution
{
    private readonly Tensor a;
    private readonly Tensor b;

    /// <summary>With the same two shape parameters for each element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">a or b is not positive, or not finite.</exception>
    public Beta(double a, double b, params long[] eventShape) : base(nameof(Beta), eventShape)
    {
        Arguments.Positive(a);
        Arguments.Positive(b);
        using var scope = NewDisposeScope();
        this.a = torch.tensor(a).to(torch.get_default_dtype());
        this.b = torch.tensor(b).to(torch.get_default_dtype());
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override Tensor ElementLogDensity(Tensor x)
    {
        var outside = x.le(0) | x.ge(1);
        var at = x.masked_fill(outside, 0.5);   // not-a-number stays what it is
        var log = (a - 1) * at.log() + (b - 1) * at.neg().log1p() - LogNormalizer().to(x.dtype);
        return log.masked_fill(outside, double.NegativeInfinity);
    }

    /// <summary>log B(a, b), in float64: its terms grow as a log a and cancel.</summary>
    private Tensor LogNormalizer()
    {
        var (first, second) = (a.to(torch.float64), b.to(torch.float64));
        return first.lgamma() + second.lgamma() - (first + second).lgamma();
    }

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator)
    {
        var x = torch.distributions.Beta(a.expand(EventShape), b.expand(EventShape), generator).sample(n).detach();
        var limits = torch.finfo(x.dtype);
        return x.clamp(limits.tiny, 1 - limits.eps / 2);   // rounding would take draws to the ends, where there is no density
    }
}
