using RealNvp.Flows.Bijections;
using RealNvp.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

public sealed class SplineTests
{
    private static readonly RationalQuadraticTransformer Spline = new(bins: 6, bound: 3);

    private static Tensor Parameters(long n, double size, ScalarType dtype = ScalarType.Float64)
    {
        torch.manual_seed(5);
        return (torch.randn(n, Spline.ParametersPerElement, dtype: dtype) * size);
    }

    [Fact]
    public void Parameters_of_zero_are_the_identity()
    {
        using var scope = NewDisposeScope();
        var x = torch.linspace(-5, 5, 1001, torch.float64).unsqueeze(1);
        var (y, log) = Spline.Apply(x, torch.zeros(1001, Spline.ParametersPerElement, torch.float64));
        Assert.True(y.allclose(x, 0, 1e-12));
        Assert.True(log!.abs().max().ToDouble() < 1e-12);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(5)]     // bins that differ by factors of thousands
    [InlineData(30)]
    public void The_inverse_holds_everywhere_at_knots_at_the_ends_outside_and_far_outside(double size)
    {
        using var scope = NewDisposeScope();
        // 3 (-1 + 2 k / 6) are the knots of a spline whose bins are equal; the others fall into bins of every width.
        var special = new[] { -1e6, -3.0000001, -3, -2.9999999, -2, -1, 0, 1e-300, 1, 2, 2.9999999, 3, 3.0000001, 1e6 };
        var x = torch.cat([torch.tensor(special), torch.linspace(-3.5, 3.5, 4001, torch.float64)], 0).unsqueeze(1);
        var h = Parameters(1, size).expand(x.size(0), -1);
        var (y, log) = Spline.Apply(x, h);
        var (back, inverseLog) = Spline.Undo(y, h);
        var derivative = log!.exp();
        // An error of rounding in y, 2e-16 |y|, is divided by the derivative on its way back.
        var allowed = (1 / derivative + 1) * (x.abs() + 1) * 1e-13;
        Assert.True((back - x).abs().le(allowed).all().ToBoolean(), $"worst error {(back - x).abs().max().ToDouble():e2}");
        Assert.True(y.diff(dim: 0).slice(0, 14, 4014, 1).ge(0).all().ToBoolean(), "the spline decreases");
        Assert.True(inverseLog!.isfinite().all().ToBoolean());
        var outside = x.abs().ge(3);
        Assert.True(y.masked_select(outside).Equals(x.masked_select(outside)));
    }

    [Fact]
    public void Gradients_are_finite_in_single_precision_inside_at_the_ends_and_outside()
    {
        using var scope = NewDisposeScope();
        var x = torch.tensor(new[] { -1e6f, -3, -2.9999998f, 0, 1, 2.9999998f, 3, 1e6f }).unsqueeze(1).requires_grad_();
        var h = Parameters(8, 10, torch.float32).requires_grad_();
        foreach (var direction in new[] { Spline.Apply(x, h), Spline.Undo(x, h) })
        {
            x.grad = null;
            h.grad = null;
            (direction.Item1.clamp(-10, 10).sum() + direction.Item2!.sum()).backward();
            Assert.True(x.grad!.isfinite().all().ToBoolean());
            Assert.True(h.grad!.isfinite().all().ToBoolean());
        }
    }

    [Fact]
    public void Roots_are_found_to_the_last_bits_and_differentiated_through_the_implicit_function()
    {
        using var scope = NewDisposeScope();
        var a = torch.tensor(0.7, dtype: torch.float64).requires_grad_();
        (Tensor, Tensor) Cubic(Tensor t) => (t.pow(3) + t * a, t.square() * 3 + a);
        var y = torch.tensor(new[] { -1e9, -2.0, 0, 1e-12, 0.3, 1e9 }).requires_grad_();
        var x = RootFinding.Solve(Cubic, y);
        Assert.True(Cubic(x).Item1.allclose(y, 1e-14, 1e-25));
        x.sum().backward();
        var slope = x.detach().square() * 3 + 0.7;
        Assert.True(y.grad!.allclose(1 / slope, 1e-12, 0));
        Assert.Equal((x.detach().neg() / slope).sum().ToDouble(), a.grad!.ToDouble(), 10);
        Assert.Throws<ArithmeticException>(() => RootFinding.Solve(t => (t.tanh(), 1 - t.tanh().square()), torch.tensor(new[] { 2.0 })));
        Assert.True(RootFinding.Solve(Cubic, torch.tensor(new[] { double.NaN })).isnan().all().ToBoolean());
    }
}
