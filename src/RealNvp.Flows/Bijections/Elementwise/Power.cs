using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// z = x^p, from the positive half-line onto itself: log|dz/dx| = log|p| + (p - 1) log x. Any event shape. What is not positive
/// goes to 1 with a log-determinant of minus infinity.
/// </summary>
public sealed class Power : ElementwiseBijection
{
    private readonly double exponent;

    /// <summary>Of an exponent p, the same for each element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">p is 0 or not finite.</exception>
    public Power(double exponent) : base(nameof(Power))
    {
        if (!double.IsFinite(exponent) || exponent == 0)
            throw new ArgumentOutOfRangeException(nameof(exponent), exponent, "The exponent is finite and not 0.");
        this.exponent = exponent;
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogDerivative) ForwardCore(Tensor x) => Raised(x, exponent);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDerivative) InverseCore(Tensor y) => Raised(y, 1 / exponent);

    private static (Tensor, Tensor) Raised(Tensor x, double p)
    {
        var outside = x.le(0) | x.isposinf();
        var log = Edge.Log(x.masked_fill(outside, 1));
        var most = Edge.LargestExponent(x);
        return ((log * p).clamp(-most, most).exp(),
            (log * (p - 1) + Math.Log(Math.Abs(p))).masked_fill(outside, double.NegativeInfinity));
    }

    /// <inheritdoc/>
    protected override string Title => $"Power({exponent:g4})";
}
