using RealNvp.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Transformers;

/// <summary>What transformers made of sigmoid units share.</summary>
internal static class SigmoidUnits
{
    private const double SmallestSlope = 1e-3;   // keeps the inverse of the steepest kind within reach of root finding

    private static readonly double SlopeOffset = Math.Log(Math.Exp(1 - SmallestSlope) - 1);   // a parameter of 0 gives slope 1

    /// <summary>Parameters [N, P d, ...] as [N, d, ..., P].</summary>
    internal static Tensor PerElement(Tensor h, long[] shape, int parameters) =>
        h.reshape([shape[0], parameters, .. shape[1..]]).movedim([1], [-1]);

    /// <summary>A slope above 0, 1 at a parameter of 0.</summary>
    internal static Tensor Slope(Tensor raw) => torch.logaddexp(raw + SlopeOffset, torch.zeros_like(raw)) + SmallestSlope;

    /// <summary>log(1 / (1 + exp(-u))), exact in both tails.</summary>
    internal static Tensor LogSigmoid(Tensor u) => torch.logaddexp(u.neg(), torch.zeros_like(u)).neg();

    // keeps the slope from falling to nothing between units, and with it the inverse's digits
    private const double Straight = 0.05;

    /// <summary>(1 - e) y + e x and the logarithm of its derivative, from y(x) and the logarithm of its own.</summary>
    internal static (Tensor Y, Tensor LogDerivative) WithStraightPart(Tensor x, Tensor y, Tensor logDerivative) =>
        (y * (1 - Straight) + x * Straight, torch.logaddexp(logDerivative + Math.Log(1 - Straight),
            torch.full_like(logDerivative, Math.Log(Straight))));

    /// <summary>The root of an increasing map given with its log-derivative.</summary>
    internal static Tensor Solve(Func<Tensor, (Tensor Value, Tensor LogDerivative)> map, Tensor y) => RootFinding.Solve(at =>
    {
        var (value, log) = map(at);
        return (value, log.exp());
    }, y);
}
