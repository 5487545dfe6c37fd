using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

public sealed class BSplineTests() : SplineProperties(Spline)
{
    private const int K = 6;
    private const double B = 3;

    private static readonly BSplineTransformer Spline = new(K, B);

    // Its coefficients are sums that reach as far as its values.
    protected override Tensor Magnitude(Tensor y) => y.abs().max() + 1;

    [Fact]
    public void It_is_the_sum_of_cox_de_boor_basis_functions()
    {
        using var scope = NewDisposeScope();
        var h = Parameters(1, 1);
        // Increments and coefficients, in plain arithmetic from the parameters.
        var raw = h.data<double>().ToArray();
        var width = 2 * B / K;
        var coefficients = new double[K + 3];
        for (var k = 0; k < K + 2; k++)
            coefficients[k + 1] = coefficients[k]
                + (Math.Log(1 + Math.Exp(16 * Math.Tanh(raw[k] / 16) + Math.Log(Math.Exp(0.999) - 1))) + 1e-3) * width;
        var mean = coefficients.Average();
        for (var k = 0; k < K + 3; k++) coefficients[k] += raw[^1] - mean;
        double Knot(int i) => -B + (i - 3) * width;
        double Basis(int i, int degree, double x) => degree == 0
            ? (x >= Knot(i) && x < Knot(i + 1) ? 1 : 0)
            : (x - Knot(i)) / (degree * width) * Basis(i, degree - 1, x)
                + (Knot(i + degree + 1) - x) / (degree * width) * Basis(i + 1, degree - 1, x);
        foreach (var x in new[] { -3, -2.9, -1.3, -1, 0, 0.7, 2, 2.99 })
        {
            var expected = coefficients.Select((c, i) => c * Basis(i, 3, x)).Sum();
            Assert.Equal(expected, Spline.Forward(torch.tensor(new[] { x }).unsqueeze(1), h).Y.ToDouble(), 12);
        }
    }

    [Fact]
    public void Two_derivatives_are_continuous_at_inner_knots_and_one_at_the_ends()
    {
        using var scope = NewDisposeScope();
        double[] inner = [-2, -1, 0, 1, 2];
        double[] ends = [-3, 3];
        var h = Parameters(1, 2);
        (double First, double Second) At(double at)
        {
            var x = torch.tensor(new[] { at }).unsqueeze(1).requires_grad_();
            var slope = Spline.Forward(x, h).LogDerivative!.exp();
            return (slope.ToDouble(), torch.autograd.grad([slope.sum()], [x])[0].ToDouble());
        }
        const double step = 1e-9;   // third derivatives here are below 100
        foreach (var knot in inner)
        {
            Assert.Equal(At(knot - step).First, At(knot + step).First, 1e-6);
            Assert.Equal(At(knot - step).Second, At(knot + step).Second, 1e-6);
        }
        foreach (var end in ends) Assert.Equal(At(end - step).First, At(end + step).First, 1e-6);
    }
}
