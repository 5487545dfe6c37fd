using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Transformers;

/// <summary>
/// A monotone spline of rational quadratics on [-B, B], the identity outside (Durkan, Bekasov, Murray, Papamakarios 2019,
/// arXiv:1906.04032, section 3.1 and equations 4 to 8). K bins take K widths, K heights and K - 1 derivatives at the inner knots;
/// the derivative at both ends is 1.
/// </summary>
/// <remarks>
/// Points outside never reach the spline's formulas, so their gradients are those of the identity. The inverse solves the
/// quadratic by the form that does not cancel, and its discriminant, positive in exact arithmetic, is cut at zero.
/// </remarks>
/// <example>
/// <code>
/// var spline = new RationalQuadraticTransformer(bins: 8, bound: 4);
/// var layer = new Coupling(Partition.Halves(2), spline, (inputs, outputs) =&gt; new Mlp(inputs, outputs, [64]));
/// Console.WriteLine(layer.Conditioner.Outputs == spline.ParametersPerElement);
/// // prints True
/// </code>
/// </example>
public sealed class RationalQuadraticTransformer : Transformer
{
    private readonly int bins;
    private readonly double bound;

    /// <summary>Sets the number of bins and the interval.</summary>
    /// <param name="bins">K, at least 2 and below 1000.</param>
    /// <param name="bound">B.</param>
    /// <exception cref="ArgumentOutOfRangeException">bins or bound is out of range.</exception>
    public RationalQuadraticTransformer(int bins = 8, double bound = 4) : base("rational-quadratic")
    {
        RequireBins(bins);
        Arguments.Positive(bound);
        (this.bins, this.bound) = (bins, bound);
        RegisterComponents();
    }

    internal override double? BendsWithin => bound;

    /// <inheritdoc/>
    public override int ParametersPerElement => 3 * bins - 1;

    internal static void RequireBins(int bins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(bins, (int)(1 / RationalQuadratic.SmallestBin));
    }

    /// <inheritdoc/>
    protected internal override (Tensor Y, Tensor? LogDerivative) Forward(Tensor x, Tensor h) =>
        Inside(x, at => Spline(h, x.shape).Forward(at));

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor? LogDerivative) Inverse(Tensor y, Tensor h) =>
        Inside(y, at => Spline(h, y.shape).Inverse(at));

    /// <summary>A map on (-B, B), the identity elsewhere.</summary>
    private (Tensor, Tensor) Inside(Tensor x, Func<Tensor, (Tensor, Tensor)> map)
    {
        var inside = x.abs().lt(bound);
        var (y, log) = map(torch.where(inside, x, torch.zeros_like(x)));
        return (torch.where(inside, y, x), torch.where(inside, log, torch.zeros_like(log)));
    }

    /// <summary>From parameters [N, (3 K - 1) d, ...].</summary>
    private RationalQuadratic Spline(Tensor h, long[] shape)
    {
        var perElement = h.view([shape[0], ParametersPerElement, .. shape[1..]]).movedim([1], [-1]);
        var inner = RationalQuadratic.Derivative(perElement.narrow(-1, 2 * bins, bins - 1));
        var end = torch.ones_like(inner.narrow(-1, 0, 1));
        return RationalQuadratic.On(bound, perElement.narrow(-1, 0, bins), perElement.narrow(-1, bins, bins),
            torch.cat([end, inner, end], -1));
    }

    /// <inheritdoc/>
    public override string ToString() => $"rational-quadratic spline ({bins} bins on [-{bound:g4}, {bound:g4}])";
}
