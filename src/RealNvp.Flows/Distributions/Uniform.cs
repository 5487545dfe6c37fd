using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>The uniform density on [low, high): log p = -log(high - low) inside, minus infinity outside.</summary>
public sealed class Uniform : IndependentDistribution
{
    private readonly Tensor zero;
    private readonly double low;
    private readonly double high;

    /// <summary>On an interval, the same for each element.</summary>
    /// <exception cref="ArgumentException">The interval is empty.</exception>
    public Uniform(double low, double high, params long[] eventShape) : base(nameof(Uniform), eventShape)
    {
        if (!(high > low)) throw new ArgumentException($"The interval from {low} to {high} is empty.", nameof(high));
        (this.low, this.high) = (low, high);
        zero = torch.zeros([]).DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override Tensor ElementLogDensity(Tensor x)
    {
        var inside = x.ge(low) & x.lt(high);
        return torch.where(inside, x * 0 - Math.Log(high - low), torch.full_like(x, double.NegativeInfinity));
    }

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator) =>
        torch.rand([n, .. EventShape], zero.dtype, zero.device, generator: generator) * (high - low) + low;
}
