using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// z = Phi^-1(x), from (0, 1) to the line by the normal quantile: uniform data become standard normal. log dz/dx = z^2 / 2 +
/// log(2 pi) / 2.
/// </summary>
public sealed class NormalQuantile : ElementwiseBijection
{
    private static readonly double HalfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);

    /// <summary>Makes the map; it has no settings.</summary>
    public NormalQuantile() : base(nameof(NormalQuantile)) => RegisterComponents();

    internal override (double Low, double High)? Domain => (0, 1);

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogDerivative) ForwardCore(Tensor x)
    {
        var z = torch.special.ndtri(x);
        return (z, z * z / 2 + HalfLogTwoPi);
    }

    /// <inheritdoc/>
    // By erfc: libtorch's ndtr is (1 + erf) / 2, which loses the lower tail in rounding.
    protected override (Tensor X, Tensor LogDerivative) InverseCore(Tensor y) =>
        (torch.special.erfc(y * -Math.Sqrt(0.5)) / 2, y * y / -2 - HalfLogTwoPi);
}
