using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Transformers;

/// <summary>
/// y = Phi^-1(F(x)) with F the CDF of a mixture of K normals, sum_k w_k Phi((x - m_k) / s_k): what such a mixture makes becomes
/// standard normal, so that one of these for each element Gaussianises the marginals (Chen, Gopinath 2000, section 2; Meng, Song,
/// Song, Ermon 2020, arXiv:2003.01941, equation 6, there with logistics). Far out it is a straight line of slope 1 / max s, where
/// logistics would bend as x^2 and layers of them overflow.
/// </summary>
/// <remarks>
/// K logits of weights, K means, K log-scales for each element, the log-scales bounded smoothly, 7 tanh(r / 7); parameters of
/// zero are the identity. Equal components stay equal in training, so the conditioner must not start at zero. Both tails of F are
/// carried in logarithms, y and the inverse are found by root finding.
/// Between components far apart the map is flat, and its inverse loses digits: where a network gives the parameters, points
/// beyond about 2 of the data's deviations need not come back in float32. <see cref="Evaluation.InverseError"/> shows how far
/// they do.
/// </remarks>
public sealed class MixtureOfNormalsTransformer : Transformer
{
    private const double LogScaleBound = 7;
    private const double Far = 10;

    private static readonly double HalfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);

    private readonly int components;

    /// <summary>Sets K.</summary>
    /// <exception cref="ArgumentOutOfRangeException">K is not positive.</exception>
    public MixtureOfNormalsTransformer(int components = 4) : base("mixture of normals")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(components);
        this.components = components;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int ParametersPerElement => 3 * components;

    /// <inheritdoc/>
    protected internal override (Tensor Y, Tensor? LogDerivative) Forward(Tensor x, Tensor h)
    {
        var (logit, log) = Read(h, x.shape).Logit(x);
        var y = SigmoidUnits.Solve(Standard, logit);
        return (y, log - Standard(y).LogDerivative);
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor? LogDerivative) Inverse(Tensor y, Tensor h)
    {
        var mixture = Read(h, y.shape);
        var known = y.isfinite();   // infinite elements stay what they are, and send no gradient
        var (logit, log) = Standard(torch.where(known, y, torch.zeros_like(y)));
        var x = SigmoidUnits.Solve(mixture.Logit, torch.where(known, logit, y));
        return (x, log - mixture.Logit(x).LogDerivative);
    }

    private Mixture Read(Tensor h, long[] shape)
    {
        var perElement = SigmoidUnits.PerElement(h, shape, ParametersPerElement);
        return new(perElement.narrow(-1, 0, components).log_softmax(-1), perElement.narrow(-1, components, components),
            (perElement.narrow(-1, 2 * components, components) / LogScaleBound).tanh() * LogScaleBound);
    }

    /// <summary>logit Phi(z), and the logarithm of its derivative phi(z) / (Phi(z) Phi(-z)).</summary>
    private static (Tensor Value, Tensor LogDerivative) Standard(Tensor z)
    {
        var negative = z.lt(0);
        var t = torch.where(negative, z.neg(), z);   // not abs, whose derivative at 0 is 0
        var (tail, rest) = Sides(t);
        var logit = rest - tail + t * t / 2;
        return (torch.where(negative, logit.neg(), logit), -HalfLogTwoPi - tail - rest);
    }

    /// <summary>For t at or above 0: log Phi(-t) + t^2 / 2, which is small however far out t lies, and log Phi(t).</summary>
    /// <remarks>
    /// Near 0 from erfc, whose logarithm cancels against t^2 / 2 by no more than 50 there; beyond from the continued fraction of
    /// Mills' ratio, Phi(-t) / phi(t) = 1 / (t + 1 / (t + 2 / (t + ...))), right to 1e-8 there in four terms and to 1e-15 in ten
    /// (Abramowitz, Stegun 1964, 26.2.14). Not from erfcx, in place of which TorchSharp 0.107 computes erfc.
    /// </remarks>
    private static (Tensor ScaledTail, Tensor Upper) Sides(Tensor t)
    {
        var (near, far) = (t.clamp(max: Far), t.clamp(min: Far));
        var outside = torch.special.erfc(near * Math.Sqrt(0.5));
        var denominator = far;
        for (var k = t.dtype == ScalarType.Float64 ? 10 : 4; k > 0; k--) denominator = far + k / denominator;
        var tail = torch.where(t.lt(Far), (outside / 2).log() + near * near / 2, -HalfLogTwoPi - denominator.log());
        return (tail, (outside / -2).log1p());
    }

    /// <inheritdoc/>
    public override string ToString() => $"mixture of {components} normals";

    private sealed record Mixture(Tensor LogWeights, Tensor Means, Tensor LogScales)
    {
        /// <summary>log F(x) - log(1 - F(x)), and the logarithm of its derivative F' / (F (1 - F)).</summary>
        /// <remarks>
        /// Far out on one side F' and F (or 1 - F) are both near exp(-m^2 / 2), m the distance to the nearest component in its
        /// scale. Their quotient is taken without that factor, of which only the components' own exp((m^2 - t^2) / 2) is left:
        /// logarithms of 5e7 would cancel to nothing in float32.
        /// </remarks>
        internal (Tensor Value, Tensor LogDerivative) Logit(Tensor x)
        {
            var u = (x.unsqueeze(-1) - Means) * LogScales.neg().exp();   // [..., K]
            var negative = u.lt(0);
            var t = torch.where(negative, u.neg(), u);
            var m = t.amin([-1L], keepdim: true);
            var (tail, rest) = Sides(t);
            var (whole, near) = (tail - t * t / 2, tail + (m - t) * (m + t) / 2);
            Tensor Sum(Tensor terms) => (LogWeights + terms).logsumexp(-1);
            var (below, above) = (Sum(torch.where(negative, whole, rest)), Sum(torch.where(negative, rest, whole)));
            var far = rest + m * m / 2;
            var onLowSide = below.lt(above);
            var quotient = torch.where(onLowSide, Sum(torch.where(negative, near, far)) + above,
                Sum(torch.where(negative, far, near)) + below);
            return (below - above, Sum((m - t) * (m + t) / 2 - LogScales) - HalfLogTwoPi - quotient);
        }
    }
}
