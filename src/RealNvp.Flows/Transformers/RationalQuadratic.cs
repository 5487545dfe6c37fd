using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Transformers;

/// <summary>
/// Increasing rational quadratics between knots: x and y at the knots [N, d, ..., K + 1], the bins' widths and heights [N, d,
/// ..., K], and the derivatives at the knots (Durkan, Bekasov, Murray, Papamakarios 2019, arXiv:1906.04032, equations 4 to 8).
/// </summary>
internal sealed record RationalQuadratic(Tensor X, Tensor Y, Tensor Widths, Tensor Heights, Tensor Derivatives)
{
    internal const double SmallestBin = 1e-3;          // of the interval
    internal const double SmallestDerivative = 1e-3;

    // a parameter of 0 gives derivative 1
    private static readonly double DerivativeOffset = Math.Log(Math.Exp(1 - SmallestDerivative) - 1);

    /// <summary>From the logits of the bins' sizes and the derivatives at all K + 1 knots, on [-B, B].</summary>
    internal static RationalQuadratic On(double bound, Tensor rawWidths, Tensor rawHeights, Tensor derivatives)
    {
        var (widths, heights) = (Lengths(rawWidths, bound), Lengths(rawHeights, bound));
        return new(Cumulate(widths, bound), Cumulate(heights, bound), widths, heights, derivatives);
    }

    /// <summary>A derivative above 0, 1 at a parameter of 0.</summary>
    internal static Tensor Derivative(Tensor raw)
    {
        var moved = raw + DerivativeOffset;
        return torch.logaddexp(moved, torch.zeros_like(moved)) + SmallestDerivative;
    }

    private static Tensor Lengths(Tensor raw, double bound) =>
        (raw.softmax(-1) * (1 - SmallestBin * raw.size(-1)) + SmallestBin) * (2 * bound);

    private static Tensor Cumulate(Tensor lengths, double bound)
    {
        var zero = torch.zeros_like(lengths.narrow(-1, 0, 1));
        return torch.cat([zero, lengths.cumsum(-1)], -1) - bound;
    }

    /// <summary>y and log dy/dx at elements between the first and the last knot.</summary>
    internal (Tensor Y, Tensor LogDerivative) Forward(Tensor x)
    {
        var bin = BinOf(X, x);
        return bin.At((x - bin.X) / bin.Width);
    }

    /// <summary>
    /// x and log dx/dy: the root of the quadratic by the form that does not cancel, and its discriminant, positive in exact
    /// arithmetic, cut at zero.
    /// </summary>
    internal (Tensor X, Tensor LogDerivative) Inverse(Tensor y)
    {
        var bin = BinOf(Y, y);
        var above = y - bin.Y;
        var bend = bin.Left + bin.Right - bin.Slope * 2;
        var a = above * bend + bin.Height * (bin.Slope - bin.Left);
        var b = bin.Height * bin.Left - above * bend;
        var c = bin.Slope * above * -1;
        var discriminant = (b * b - a * c * 4).clamp_min(1e-30);
        var t = (c * 2 / (b.neg() - discriminant.sqrt())).clamp(0, 1);
        var (_, log) = bin.At(t);
        return (bin.X + t * bin.Width, log.neg());
    }

    /// <summary>What the formulas need of the bin that each element lies in.</summary>
    /// <param name="edges">The knots' x or y.</param>
    /// <param name="at">The elements, inside the interval.</param>
    private Bin BinOf(Tensor edges, Tensor at)
    {
        var innerEdges = edges.narrow(-1, 1, edges.size(-1) - 2);
        var index = at.unsqueeze(-1).ge(innerEdges).sum(-1, keepdim: true, type: ScalarType.Int64);
        Tensor Take(Tensor from, Tensor which) => from.gather(-1, which).squeeze(-1);
        return new(Take(X, index), Take(Y, index), Take(Widths, index), Take(Heights, index), Take(Derivatives, index),
            Take(Derivatives, index + 1));
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
