using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Transformers;

/// <summary>
/// The integral of a sum of squares of polynomials, y = t + integral from 0 to x of (e + sum_k p_k(u)^2) du with K polynomials
/// p of degree R and e = 0.001: increasing on the whole line, of degree 2 R + 1 in x (Jaini, Selby, Yu 2019, arXiv:1905.02325,
/// section 3).
/// </summary>
/// <remarks>
/// K (R + 1) + 1 parameters for each element: coefficients and the shift t. Parameters of zero are the identity. Polynomials grow
/// fast: standardise the data, and stack few layers. The inverse is found by root finding and differentiated through the implicit
/// function theorem.
/// </remarks>
public sealed class SumOfSquaresTransformer : RootFindingTransformer
{
    private const double SmallestSlope = 1e-3;

    private static readonly double Start = Math.Sqrt(1 - SmallestSlope);   // p_0 = Start has slope 1

    private readonly int terms;
    private readonly int degree;

    /// <summary>Sets the number of polynomials and their degree.</summary>
    /// <param name="terms">K.</param>
    /// <param name="degree">R.</param>
    /// <exception cref="ArgumentOutOfRangeException">terms or degree is not positive.</exception>
    public SumOfSquaresTransformer(int terms = 3, int degree = 2) : base("sum of squares")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(terms);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(degree);
        (this.terms, this.degree) = (terms, degree);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int ParametersPerElement => terms * (degree + 1) + 1;

    private protected override Func<Tensor, (Tensor Y, Tensor Slope)> Map(Tensor h, long[] shape)
    {
        var read = Read(h, shape);
        return x => Evaluate(x, read);
    }

    /// <summary>The polynomials [N, d, ..., K, R + 1], the constant first; the slope's coefficients, of 1, x, x^2...; the
    /// shift.</summary>
    private (Tensor Polynomials, Tensor[] Coefficients, Tensor Shift) Read(Tensor h, long[] shape)
    {
        var perElement = SigmoidUnits.PerElement(h, shape, ParametersPerElement);
        var last = perElement.dim() - 1;
        var raw = perElement.narrow(-1, 0, terms * (degree + 1)).unflatten(last, [terms, degree + 1]);
        var offset = torch.zeros([terms, degree + 1], raw.dtype, raw.device);
        offset[0, 0] = Start;
        var polynomials = raw + offset;
        var coefficients = new Tensor[2 * degree + 1];
        for (var i = 0; i <= degree; i++)
            for (var j = 0; j <= degree; j++)
            {
                var product = (polynomials.select(-1, i) * polynomials.select(-1, j)).sum(-1L);
                coefficients[i + j] = coefficients[i + j] is { } before ? before + product : product;
            }
        return (polynomials, coefficients, perElement.select(-1, ParametersPerElement - 1));
    }

    private (Tensor Y, Tensor Slope) Evaluate(Tensor x, (Tensor Polynomials, Tensor[] Coefficients, Tensor Shift) read)
    {
        // The slope as the sum of squares that it is: of the joined coefficients, rounding could take it below 0.
        var at = x.unsqueeze(-1);
        var p = read.Polynomials.select(-1, degree);
        for (var i = degree - 1; i >= 0; i--) p = p * at + read.Polynomials.select(-1, i);
        var y = torch.zeros_like(x);
        for (var i = read.Coefficients.Length - 1; i >= 0; i--) y = (y + read.Coefficients[i] / (i + 1)) * x;
        return (y + x * SmallestSlope + read.Shift, p.square().sum(-1L) + SmallestSlope);
    }

    /// <inheritdoc/>
    public override string ToString() => $"sum of squares ({terms} polynomials of degree {degree})";
}
