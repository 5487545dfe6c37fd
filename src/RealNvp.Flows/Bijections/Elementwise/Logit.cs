using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// z = logit(alpha + (1 - 2 alpha) x), from [0, 1] to the line: image intensities are drawn in from the ends, where the logit is
/// infinite (Dinh et al. 2017, arXiv:1605.08803, section 4.1; their released code uses alpha = 0.05). Any event shape.
/// </summary>
public sealed class Logit : ElementwiseBijection
{
    private readonly double alpha;

    /// <summary>Sets how far the interval is drawn in; at 0, the ends themselves are taken for the next numbers inside.</summary>
    /// <exception cref="ArgumentOutOfRangeException">alpha is not in [0, 0.5).</exception>
    public Logit(double alpha = 0.05) : base(nameof(Logit))
    {
        if (!(alpha is >= 0 and < 0.5)) throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "alpha lies in [0, 0.5).");
        this.alpha = alpha;
        RegisterComponents();
    }

    private double Width => 1 - 2 * alpha;

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogDerivative) ForwardCore(Tensor x)
    {
        var u = alpha > 0 ? x * Width + alpha : FromTheEnds(x);
        var (log, log1Minus) = (u.log(), u.neg().log1p());
        return (log - log1Minus, (log + log1Minus).neg() + Math.Log(Width));
    }

    internal override (double Low, double High)? Domain => (-alpha / Width, 1 + alpha / Width);

    /// <summary>0 and 1 moved to the next number inside, whose logits are finite; all else as it is.</summary>
    private static Tensor FromTheEnds(Tensor x)
    {
        var limits = torch.finfo(x.dtype);
        return x.masked_fill(x.eq(0), limits.tiny).masked_fill(x.eq(1), 1 - limits.eps / 2);
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDerivative) InverseCore(Tensor y) =>
        ((y.sigmoid() - alpha) / Width, (Softplus(y) + Softplus(y.neg())).neg() - Math.Log(Width));

    /// <inheritdoc/>
    protected override string Title => $"Logit({alpha:g4})";
}
