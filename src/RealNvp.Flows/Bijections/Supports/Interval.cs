using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// From an open interval onto the line, z = log((x - a) / (b - x)) with log dz/dx = log(b - a) - log(x - a) - log(b - x); of a
/// half-line, z = log(x - a) or z = -log(b - x). Any event shape.
/// </summary>
/// <remarks>
/// Outside, the ends included, z is 0 and the log-determinant minus infinity: a flow has no mass there. Samples are rounded to
/// numbers inside.
/// </remarks>
public sealed class Interval : ElementwiseBijection
{
    private readonly Tensor low;
    private readonly Tensor high;

    /// <summary>Of the same ends for each element; an infinite one is no end.</summary>
    /// <param name="low">a.</param>
    /// <param name="high">b.</param>
    /// <exception cref="ArgumentException">a is not below b, or the interval is wider than numbers go.</exception>
    public Interval(double low, double high) : base(nameof(Interval))
    {
        if (double.IsNaN(low) || double.IsPositiveInfinity(low))
            throw new ArgumentOutOfRangeException(nameof(low), low, "The lower end is a number, or -infinity.");
        Box.RequireSide(low, high, nameof(high));
        using var scope = NewDisposeScope();
        this.low = torch.full([], low, torch.get_default_dtype());
        this.high = torch.full([], high, torch.get_default_dtype());
        RegisterComponents();
    }

    private Sides Sides => new(low, high);

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogDerivative) ForwardCore(Tensor x) => Sides.ToLine(x);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDerivative) InverseCore(Tensor y) => Sides.FromLine(y);

    /// <inheritdoc/>
    protected override string Title => $"Interval({low.ToDouble():g4}, {high.ToDouble():g4})";
}
