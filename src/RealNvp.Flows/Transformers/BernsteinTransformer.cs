using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Transformers;

/// <summary>
/// A monotone polynomial in Bernstein's form on [-B, B], y = sum_i c_i binom(M, i) u^i (1 - u)^(M - i) at u = (x + B) / (2 B),
/// with increasing coefficients c and straight tails of its slope at either end (Sick, Hothorn, Duerr 2020, arXiv:2004.00464;
/// Ramasinghe et al. 2021, arXiv:2102.03509). dy/dx is a Bernstein polynomial of degree M - 1 of the increments, all positive.
/// </summary>
/// <remarks>
/// M + 1 parameters for each element: M increments before their softplus, r in 16 tanh(r / 16), and a shift. Parameters of zero
/// are the identity. The inverse is found by root finding and differentiated through the implicit function theorem.
/// </remarks>
public sealed class BernsteinTransformer : RootFindingTransformer
{
    private const double LargestParameter = 16;   // as in the B-spline: slopes stay below 17 however far a point lies
    private const int LargestDegree = 60;         // binomials of float64 go further, those of float32 hardly

    private readonly int degree;
    private readonly double bound;

    /// <summary>Sets the degree and the interval.</summary>
    /// <param name="degree">M, from 2 to 60.</param>
    /// <param name="bound">B.</param>
    /// <exception cref="ArgumentOutOfRangeException">degree or bound is out of range.</exception>
    public BernsteinTransformer(int degree = 16, double bound = 4) : base("Bernstein polynomial")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degree, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(degree, LargestDegree);
        Arguments.Positive(bound);
        (this.degree, this.bound) = (degree, bound);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int ParametersPerElement => degree + 1;

    private protected override Func<Tensor, (Tensor Y, Tensor Slope)> Map(Tensor h, long[] shape)
    {
        var read = Read(h, shape);
        return x => Evaluate(x, read);
    }

    private Polynomial Read(Tensor h, long[] shape)
    {
        var perElement = SigmoidUnits.PerElement(h, shape, ParametersPerElement);
        var raw = (perElement.narrow(-1, 0, degree) / LargestParameter).tanh() * LargestParameter;
        var increments = SigmoidUnits.Slope(raw) * (2 * bound / degree);
        var rising = torch.cat([torch.zeros_like(raw.narrow(-1, 0, 1)), increments.cumsum(-1)], -1);
        return new(increments, rising - rising.mean([-1L], keepdim: true), perElement.select(-1, degree));
    }

    /// <summary>y and dy/dx. Outside [-B, B] both are those of the tangent at the nearer end.</summary>
    private (Tensor Y, Tensor Slope) Evaluate(Tensor x, Polynomial polynomial)
    {
        var inside = x.clamp(-bound, bound);
        var u = ((inside + bound) / (2 * bound)).unsqueeze(-1);
        var slope = (polynomial.Increments * Basis(u, degree - 1)).sum(-1L) * (degree / (2 * bound));
        var y = (polynomial.Coefficients * Basis(u, degree)).sum(-1L);
        return (y + polynomial.Shift + slope * (x - inside), slope);
    }

    /// <summary>binom(n, i) u^i (1 - u)^(n - i) for i = 0 to n, [..., n + 1].</summary>
    private static Tensor Basis(Tensor u, int n)
    {
        var binomials = new double[n + 1];
        binomials[0] = 1;
        for (var i = 1; i <= n; i++) binomials[i] = binomials[i - 1] * (n - i + 1) / i;
        var powers = torch.arange(n + 1, dtype: u.dtype, device: u.device);
        return torch.tensor(binomials, u.dtype, u.device) * u.pow(powers) * (1 - u).pow(n - powers);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Bernstein polynomial (degree {degree} on [-{bound:g4}, {bound:g4}])";

    private sealed record Polynomial(Tensor Increments, Tensor Coefficients, Tensor Shift);
}
