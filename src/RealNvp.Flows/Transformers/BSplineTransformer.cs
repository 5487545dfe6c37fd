using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Transformers;

/// <summary>
/// A monotone cubic B-spline on [-B, B], y = sum_i c_i b((x - x_i) / h) over K intervals of width h, with increasing coefficients
/// c and straight tails of the spline's slope at either end. The derivative is a quadratic B-spline of the increments, dy/dx =
/// sum_i (c_i - c_{i-1}) / h b_2, so positive increments make y increasing (de Boor 1978, chapter X; Schumaker 1981, section
/// 4.9). y has two continuous derivatives inside, one at the ends.
/// </summary>
/// <remarks>
/// K + 3 parameters for each element: K + 2 increments before their softplus, r in 16 tanh(r / 16), so that no slope is above 17,
/// and a shift. Parameters of zero are the identity, which cubic B-splines reproduce. The inverse is found by root finding and
/// differentiated through the implicit function theorem.
/// </remarks>
public sealed class BSplineTransformer : RootFindingTransformer
{
    private const double SmallestSlope = 1e-3;
    // else far points, whose parameters are large, would be stretched without bound from layer to layer
    private const double LargestParameter = 16;

    // a parameter of 0 gives an increment of h
    private static readonly double SlopeOffset = Math.Log(Math.Exp(1 - SmallestSlope) - 1);

    private readonly int intervals;
    private readonly double bound;

    /// <summary>Sets the number of intervals and where they lie.</summary>
    /// <param name="intervals">K.</param>
    /// <param name="bound">B.</param>
    /// <exception cref="ArgumentOutOfRangeException">intervals or bound is not positive.</exception>
    public BSplineTransformer(int intervals = 8, double bound = 4) : base("cubic B-spline")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(intervals);
        Arguments.Positive(bound);
        (this.intervals, this.bound) = (intervals, bound);
        RegisterComponents();
    }

    internal override double? BendsWithin => bound;

    /// <inheritdoc/>
    public override int ParametersPerElement => intervals + 3;

    private double Width => 2 * bound / intervals;

    private protected override Func<Tensor, (Tensor Y, Tensor Slope)> Map(Tensor h, long[] shape)
    {
        var spline = Read(h, shape);
        return x => Evaluate(x, spline);
    }

    private Spline Read(Tensor h, long[] shape)
    {
        var perElement = SigmoidUnits.PerElement(h, shape, ParametersPerElement);
        var raw = (perElement.narrow(-1, 0, intervals + 2) / LargestParameter).tanh() * LargestParameter;
        var increments = (torch.logaddexp(raw + SlopeOffset, torch.zeros_like(raw)) + SmallestSlope) * Width;
        var rising = torch.cat([torch.zeros_like(raw.narrow(-1, 0, 1)), increments.cumsum(-1)], -1);
        return new(increments, rising - rising.mean([-1L], keepdim: true), perElement.select(-1, intervals + 2));
    }

    /// <summary>y and dy/dx. Outside [-B, B] both are those of the tangent at the nearer end.</summary>
    private (Tensor Y, Tensor Slope) Evaluate(Tensor x, Spline spline)
    {
        var inside = x.clamp(-bound, bound);
        var place = (inside + bound) / Width;
        var interval = place.detach().floor().clamp(0, intervals - 1);
        var t = place - interval;
        var first = interval.nan_to_num(0).to(torch.int64).unsqueeze(-1);
        Tensor Take(Tensor from, int k) => from.gather(-1, first + k).squeeze(-1);
        var (a, b, c, d) = (Take(spline.Coefficients, 0), Take(spline.Coefficients, 1), Take(spline.Coefficients, 2),
            Take(spline.Coefficients, 3));
        var back = 1 - t;
        var y = (a * back.pow(3) + b * (t * t * (t * 3 - 6) + 4) + c * (t * (t * (3 - t * 3) + 3) + 1) + d * t.pow(3)) / 6;
        // From the increments themselves: differences of coefficients would lose them in rounding where one is small beside the
        // others.
        var slope = (Take(spline.Increments, 0) * back.square() + Take(spline.Increments, 1) * (t * back * 2 + 1)
            + Take(spline.Increments, 2) * t.square()) / (2 * Width);
        return (y + spline.Shift + slope * (x - inside), slope);
    }

    /// <summary>
    /// c_i - c_(i-1), all positive, [N, d, ..., K + 2]; c_0 to c_(K+2) of mean 0, [N, d, ..., K + 3]; and the shift that is added
    /// to them, [N, d, ...].
    /// </summary>
    private sealed record Spline(Tensor Increments, Tensor Coefficients, Tensor Shift);

    /// <inheritdoc/>
    public override string ToString() => $"cubic B-spline ({intervals} intervals on [-{bound:g4}, {bound:g4}])";
}
