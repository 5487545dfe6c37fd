using RealNvp.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>
/// The von Mises density of angles in radians, element by element: log p(x) = k cos(x - m) - log(2 pi I_0(k)), the normal's
/// counterpart on the circle. Any number stands for its angle; samples lie in [-pi, pi). At k = 0 it is uniform.
/// </summary>
/// <remarks>
/// Written as -2 k sin^2((x - m) / 2) - log(2 pi exp(-k) I_0(k)), of which nothing cancels or overflows however large k is.
/// Samples are drawn by rejection from a wrapped Cauchy density (Best, Fisher 1979), in float64, through 1 - cos x, which does
/// not lose small angles.
/// </remarks>
public sealed class VonMises : IndependentDistribution
{
    // Below, the density is uniform to 1e-8 of itself, and the envelope's formula divides by 0.
    private const double Flat = 1e-8;

    private readonly Tensor zero;
    private readonly double concentration;
    private readonly double mean;

    /// <summary>With the same concentration and mean for each element.</summary>
    /// <param name="concentration">k.</param>
    /// <param name="mean">m, in radians.</param>
    /// <param name="eventShape">Shape of one event.</param>
    /// <exception cref="ArgumentOutOfRangeException">The concentration is negative, or a number is not finite.</exception>
    public VonMises(double concentration, double mean, params long[] eventShape) : base(nameof(VonMises), eventShape)
    {
        if (!(concentration >= 0) || double.IsInfinity(concentration))
            throw new ArgumentOutOfRangeException(nameof(concentration), concentration,
                "The concentration is finite and not negative.");
        if (!double.IsFinite(mean)) throw new ArgumentOutOfRangeException(nameof(mean), mean, "The mean angle is finite.");
        (this.concentration, this.mean) = (concentration, mean);
        zero = torch.zeros([]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override Tensor ElementLogDensity(Tensor x)
    {
        using var scope = NewDisposeScope();
        var scaled = torch.special.i0e(torch.tensor(concentration, ScalarType.Float64)).ToDouble();
        var log = ((x - mean) / 2).sin().square() * (-2 * concentration) - Math.Log(2 * Math.PI * scaled);
        return scope.MoveToOuter(log);
    }

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator)
    {
        long[] shape = [n, .. EventShape];
        var angle = (Uniform(shape) * 2 - 1) * Math.PI;
        if (concentration > Flat) angle = Peaked(angle.flatten(), Uniform).view(shape);
        return Circle.Wrap((angle + mean).to(zero.dtype));

        Tensor Uniform(long[] size) => torch.rand(size, ScalarType.Float64, zero.device, generator: generator);
    }

    private Tensor Peaked(Tensor sign, Func<long[], Tensor> uniform)
    {
        var root = Math.Sqrt(1 + 4 * concentration * concentration);
        var rho = (1 + root - Math.Sqrt(2 * (1 + root))) / (2 * concentration);
        var excess = (1 - rho) * (1 - rho) / (2 * rho);   // r - 1, of the envelope's r
        var missing = torch.zeros_like(sign);             // 1 - cos x
        var open = torch.arange(sign.numel(), device: sign.device);
        while (open.numel() > 0)
        {
            var size = new[] { open.numel() };
            var z = (uniform(size) * Math.PI).cos();
            var one = (1 - z) * excess / (excess + 1 + z);   // 1 - f
            var c = (one + excess) * concentration;          // k (r - f)
            var accepted = ((c / uniform(size)).log() + 1 - c).ge(0);
            missing = missing.index_copy(0, open[accepted], one[accepted]);
            open = open[accepted.logical_not()];
        }
        return (missing / 2).clamp(0, 1).sqrt().asin() * 2 * sign.sign();
    }

    /// <inheritdoc/>
    public override string ToString() => $"VonMises {Shapes.Text(EventShape)}, concentration {concentration:g4} about {mean:g4}";
}
