using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>
/// The uniform density on [low, high]: log p = -log(high - low) inside, minus infinity outside. Both ends belong to it: numbers
/// are rounded to them, as samples are, and as the sigmoid of 20 is to 1 in float32.
/// </summary>
public sealed class Uniform : IndependentDistribution
{
    private readonly Tensor zero;
    private readonly double low;
    private readonly double high;

    /// <summary>On an interval, the same for each element.</summary>
    /// <exception cref="ArgumentException">The interval is empty or not finite.</exception>
    public Uniform(double low, double high, params long[] eventShape) : base(nameof(Uniform), eventShape)
    {
        if (!double.IsFinite(low))
            throw new ArgumentException($"The interval has finite ends, but was given {low} to {high}.", nameof(low));
        if (!(high > low)) throw new ArgumentException($"The interval from {low} to {high} is empty.", nameof(high));
        if (!double.IsFinite(high - low))
            throw new ArgumentException($"The interval has finite ends, but was given {low} to {high}.", nameof(high));
        (this.low, this.high) = (low, high);
        zero = torch.zeros([]);
        RegisterComponents();
    }

    /// <summary>On a box: the product of an interval for each feature.</summary>
    /// <param name="low">Lower ends.</param>
    /// <param name="high">Upper ends, as many.</param>
    /// <exception cref="ArgumentException">There are none, their numbers differ, or an interval is empty or not
    /// finite.</exception>
    public static Product Box(IReadOnlyList<double> low, IReadOnlyList<double> high)
    {
        ArgumentNullException.ThrowIfNull(low);
        ArgumentNullException.ThrowIfNull(high);
        if (low.Count != high.Count)
            throw new ArgumentException($"A box has two ends for each feature, but was given {low.Count} lower and {high.Count} "
                + "upper ones.", nameof(high));
        return new([.. low.Zip(high, (from, to) => new Uniform(from, to, 1))]);
    }

    /// <summary>The lower end.</summary>
    public double Low => low;

    /// <summary>The upper end.</summary>
    public double High => high;

    /// <inheritdoc/>
    protected override Tensor ElementLogDensity(Tensor x)
    {
        var outside = x.lt(low) | x.gt(high);   // not-a-number is neither outside nor inside, and stays what it is
        return (x * 0 - Math.Log(high - low)).masked_fill(outside, double.NegativeInfinity);
    }

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator) =>
        torch.rand([n, .. EventShape], zero.dtype, zero.device, generator: generator) * (high - low) + low;
}
