using RealNvp.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// z = Phi^-1(sigmoid(x)), from the line onto the line: a standard logistic becomes a standard normal, log dz/dx = -log(phi(z) / (Phi(z) Phi(-z))). After
/// a mixture of logistics' logit F(x) it makes Phi^-1(F(x)), which Gaussianises a marginal (Chen, Gopinath 2000, section 2; Meng, Song, Song, Ermon 2020,
/// equation 6). Any event shape.
/// </summary>
/// <remarks>
/// As <see cref="Sigmoid"/> and then <see cref="NormalQuantile"/> it would lose every x above 17 in float32, whose sigmoid rounds to 1. Here the inverse,
/// x = log Phi(z) - log Phi(-z), has both tails in logarithms, and the map itself is its root: finite wherever x is.
/// </remarks>
public sealed class LogisticToNormal : ElementwiseBijection
{
    private static readonly double HalfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);

    /// <summary>Makes the map; it has no settings.</summary>
    public LogisticToNormal() : base(nameof(LogisticToNormal)) => RegisterComponents();

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogDerivative) Map(Tensor x)
    {
        var z = SigmoidUnits.Solve(Logit, x);
        return (z, Logit(z).LogDerivative.neg());
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDerivative) Unmap(Tensor y) => Logit(y);

    /// <summary>logit Phi(z) and the logarithm of its derivative.</summary>
    private static (Tensor Value, Tensor LogDerivative) Logit(Tensor z)
    {
        var (below, above) = (LogPhi(z), LogPhi(z.neg()));
        return (below - above, z * z / -2 - HalfLogTwoPi - below - above);
    }

    /// <summary>log Phi(z): below 0 by the scaled complementary error function, which does not vanish far out, above 0 by what is left of 1.</summary>
    private static Tensor LogPhi(Tensor z)
    {
        var (low, high) = (z.clamp_max(0) / -Math.Sqrt(2), z.clamp_min(0) / Math.Sqrt(2));   // each branch sees its own side only
        var tail = (torch.special.erfcx(low) / 2).log() - low * low;
        return torch.where(z.lt(0), tail, (torch.special.erfc(high) / -2).log1p());
    }
}
