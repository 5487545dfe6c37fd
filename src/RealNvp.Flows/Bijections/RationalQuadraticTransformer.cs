using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// A monotone spline of rational quadratics on [-B, B], the identity outside (Durkan, Bekasov, Murray, Papamakarios 2019, section 3.1 and
/// equations 4 to 8). K bins take K widths, K heights and K - 1 derivatives at the inner knots; the derivative at both ends is 1.
/// </summary>
/// <remarks>
/// Points outside never reach the spline's formulas, so their gradients are those of the identity. The inverse solves the quadratic by the form
/// that does not cancel, and its discriminant, positive in exact arithmetic, is cut at zero.
/// </remarks>
public sealed class RationalQuadraticTransformer : Transformer
{
    private const double SmallestBin = 1e-3;          // of the interval
    private const double SmallestDerivative = 1e-3;

    private static readonly double DerivativeOffset = Math.Log(Math.Exp(1 - SmallestDerivative) - 1);   // a parameter of 0 gives derivative 1

    private readonly int bins;
    private readonly double bound;

    /// <summary>Sets the number of bins and the interval.</summary>
    /// <param name="bins">K, at least 2 and below 1000.</param>
    /// <param name="bound">B.</param>
    /// <exception cref="ArgumentOutOfRangeException">bins or bound is out of range.</exception>
    public RationalQuadraticTransformer(int bins = 8, double bound = 4) : base("rational-quadratic")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(bins, (int)(1 / SmallestBin));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        (this.bins, this.bound) = (bins, bound);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int ParametersPerElement => 3 * bins - 1;

    /// <inheritdoc/>
    protected internal override (Tensor Y, Tensor? LogDerivative) Apply(Tensor x, Tensor h)
    {
        var inside = x.abs().lt(bound);
        var at = torch.where(inside, x, torch.zeros_like(x));
        var knots = Knots(h, x.shape);
        var bin = knots.Bin(knots.X, at);
        var t = (at - bin.X) / bin.Width;
        var (y, log) = bin.At(t);
        return (torch.where(inside, y, x), torch.where(inside, log, torch.zeros_like(log)));
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor? LogDerivative) Undo(Tensor y, Tensor h)
    {
        var inside = y.abs().lt(bound);
        var at = torch.where(inside, y, torch.zeros_like(y));
        var knots = Knots(h, y.shape);
        var bin = knots.Bin(knots.Y, at);
        var above = at - bin.Y;
        var bend = bin.Left + bin.Right - bin.Slope * 2;
        var a = above * bend + bin.Height * (bin.Slope - bin.Left);
        var b = bin.Height * bin.Left - above * bend;
        var c = bin.Slope * above * -1;
        var discriminant = (b * b - a * c * 4).clamp_min(1e-30);
        var t = (c * 2 / (b.neg() - discriminant.sqrt())).clamp(0, 1);
        var (_, log) = bin.At(t);
        return (torch.where(inside, bin.X + t * bin.Width, y), torch.where(inside, log.neg(), torch.zeros_like(log)));
    }

    /// <summary>Knots [N, d, ..., K + 1] and derivatives from parameters [N, (3 K - 1) d, ...].</summary>
    private KnotTable Knots(Tensor h, long[] shape)
    {
        var perElement = h.view([shape[0], ParametersPerElement, .. shape[1..]]).movedim([1], [-1]);
        var widths = Lengths(perElement.narrow(-1, 0, bins));
        var heights = Lengths(perElement.narrow(-1, bins, bins));
        var inner = Softplus(perElement.narrow(-1, 2 * bins, bins - 1) + DerivativeOffset) + SmallestDerivative;
        var end = torch.ones_like(inner.narrow(-1, 0, 1));
        return new(Cumulate(widths), Cumulate(heights), widths, heights, torch.cat([end, inner, end], -1));
    }

    private Tensor Lengths(Tensor raw) => (raw.softmax(-1) * (1 - SmallestBin * bins) + SmallestBin) * (2 * bound);

    private Tensor Cumulate(Tensor lengths)
    {
        var zero = torch.zeros_like(lengths.narrow(-1, 0, 1));
        return torch.cat([zero, lengths.cumsum(-1)], -1) - bound;
    }

    private static Tensor Softplus(Tensor x) => torch.logaddexp(x, torch.zeros_like(x));

    /// <inheritdoc/>
    public override string ToString() => $"rational-quadratic spline ({bins} bins on [-{bound:g4}, {bound:g4}])";

    private sealed record KnotTable(Tensor X, Tensor Y, Tensor Widths, Tensor Heights, Tensor Derivatives)
    {
        /// <summary>What the formulas need of the bin that each element lies in.</summary>
        /// <param name="edges">The knots' x or y.</param>
        /// <param name="at">The elements, inside the interval.</param>
        internal Bin Bin(Tensor edges, Tensor at)
        {
            var innerEdges = edges.narrow(-1, 1, edges.size(-1) - 2);
            var index = at.unsqueeze(-1).ge(innerEdges).sum(-1, keepdim: true, type: ScalarType.Int64);
            Tensor Take(Tensor from, Tensor which) => from.gather(-1, which).squeeze(-1);
            return new(Take(X, index), Take(Y, index), Take(Widths, index), Take(Heights, index), Take(Derivatives, index), Take(Derivatives, index + 1));
        }
    }

    private sealed record Bin(Tensor X, Tensor Y, Tensor Width, Tensor Height, Tensor Left, Tensor Right)
    {
        internal Tensor Slope { get; } = Height / Width;

        /// <summary>y and log dy/dx at a part t of the bin.</summary>
        internal (Tensor Y, Tensor LogDerivative) At(Tensor t)
        {
            var mixed = t * (1 - t);
            var below = Slope + (Left + Right - Slope * 2) * mixed;
            var y = Y + Height * (Slope * t * t + Left * mixed) / below;
            var above = Right * t * t + Slope * mixed * 2 + Left * (1 - t).square();
            return (y, Slope.log() * 2 + above.log() - below.log() * 2);
        }
    }
}
