using RealNvp.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Transformers;

/// <summary>
/// A spline of rational quadratics from the circle onto itself, then a turn: K bins on [-pi, pi] whose first and last knot are
/// one point, with one derivative there (Rezende et al. 2020, arXiv:2002.02428, section 2.1.2). Angles are in radians, any number
/// stands for its angle, and what comes out lies in [-pi, pi).
/// </summary>
/// <remarks>
/// 3 K + 1 parameters for each element: K widths, K heights, K derivatives, and the turn, since without it the ends would stay
/// where they are. Parameters of zero are the identity. The density that it makes is continuous all around; its derivative
/// jumps at each knot, that at pi too. <see cref="MoebiusTransformer"/> makes smooth densities.
/// </remarks>
public sealed class CircularSplineTransformer : Transformer
{
    private readonly int bins;

    /// <summary>Sets the number of bins.</summary>
    /// <param name="bins">K, at least 2 and below 1000.</param>
    /// <exception cref="ArgumentOutOfRangeException">bins is out of range.</exception>
    public CircularSplineTransformer(int bins = 8) : base("circular rational-quadratic")
    {
        RationalQuadraticTransformer.RequireBins(bins);
        this.bins = bins;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int ParametersPerElement => 3 * bins + 1;

    /// <inheritdoc/>
    protected internal override (Tensor Y, Tensor? LogDerivative) Forward(Tensor x, Tensor h)
    {
        var (spline, turn) = Read(h, x.shape);
        var (y, log) = spline.Forward(Circle.Wrap(x));
        return (Circle.Wrap(y + turn), log);
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor? LogDerivative) Inverse(Tensor y, Tensor h)
    {
        var (spline, turn) = Read(h, y.shape);
        var (x, log) = spline.Inverse(Circle.Wrap(y - turn));
        return (Circle.Wrap(x), log);
    }

    private (RationalQuadratic Spline, Tensor Turn) Read(Tensor h, long[] shape)
    {
        var perElement = SigmoidUnits.PerElement(h, shape, ParametersPerElement);
        var derivatives = RationalQuadratic.Derivative(perElement.narrow(-1, 2 * bins, bins));
        return (RationalQuadratic.On(Math.PI, perElement.narrow(-1, 0, bins), perElement.narrow(-1, bins, bins),
            torch.cat([derivatives, derivatives.narrow(-1, 0, 1)], -1)), perElement.select(-1, 3 * bins));
    }

    /// <inheritdoc/>
    public override string ToString() => $"circular rational-quadratic spline ({bins} bins)";
}
