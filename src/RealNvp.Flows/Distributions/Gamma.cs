using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>
/// The gamma density of unit rate on the positive half-line, element by element: log p(x) = (a - 1) log x - x - log Gamma(a).
/// At a = 1 it is exponential. There is no mass where x is not positive.
/// </summary>
public sealed class Gamma : IndependentDistribution
{
    private readonly Tensor shape;

    /// <summary>With the same shape parameter for each element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">a is not positive, or not finite.</exception>
    public Gamma(double shape, params long[] eventShape) : base(nameof(Gamma), eventShape)
    {
        if (!(shape > 0) || double.IsInfinity(shape))
            throw new ArgumentOutOfRangeException(nameof(shape), shape, "The shape parameter is positive and finite.");
        this.shape = torch.tensor(shape, torch.get_default_dtype());
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override Tensor ElementLogDensity(Tensor x)
    {
        var outside = x.le(0);
        var at = x.masked_fill(outside, 1);   // not-a-number stays what it is
        // In float64: for large a, what is added grows as a log a and cancels.
        var (a, wide) = (shape.to(torch.float64), at.to(torch.float64));
        var log = ((a - 1) * wide.log() - wide - a.lgamma()).to(x.dtype);
        return log.masked_fill(outside, double.NegativeInfinity);
    }

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator)
    {
        var each = shape.expand(EventShape);
        var x = torch.distributions.Gamma(each, torch.ones_like(each), generator).sample(n).detach();
        return x.clamp_min(torch.finfo(x.dtype).tiny);   // rounding would take draws to 0, where there is no density
    }
}
