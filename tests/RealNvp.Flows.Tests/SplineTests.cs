using RealNvp.Flows.Bijections;
using RealNvp.Flows.Numerics;
using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

public sealed class SplineTests() : SplineProperties(Spline)
{
    private static readonly RationalQuadraticTransformer Spline = new(bins: 6, bound: 3);

    protected override Tensor Magnitude(Tensor y) => torch.ones_like(y);

    [Fact]
    public void Outside_the_interval_it_is_the_identity()
    {
        using var scope = NewDisposeScope();
        var x = torch.tensor(new[] { -1e6, -3.0000001, -3, 3, 3.0000001, 1e6 }).unsqueeze(1);
        Assert.True(Spline.Forward(x, Parameters(1, 5).expand(6, -1)).Y.Equals(x));
    }

    [Fact]
    public void Gradients_are_finite_in_single_precision_inside_at_the_ends_and_outside()
    {
        using var scope = NewDisposeScope();
        var x = torch.tensor(new[] { -1e6f, -3, -2.9999998f, 0, 1, 2.9999998f, 3, 1e6f }).unsqueeze(1).requires_grad_();
        var h = Parameters(8, 10, torch.float32).requires_grad_();
        foreach (var direction in new[] { Spline.Forward(x, h), Spline.Inverse(x, h) })
        {
            x.grad = null;
            h.grad = null;
            (direction.Item1.clamp(-10, 10).sum() + direction.Item2!.sum()).backward();
            Assert.True(x.grad!.isfinite().all().ToBoolean());
            Assert.True(h.grad!.isfinite().all().ToBoolean());
        }
    }

    [Fact]
    public void The_normal_quantile_comes_back_from_the_lower_tail_in_single_precision()
    {
        using var scope = NewDisposeScope();
        var x = torch.tensor(new[] { 1e-30f, 1e-12f, 1e-6f, 0.3f }).unsqueeze(1);
        var map = new NormalQuantile();
        // A quantile z, right to 6e-8 of itself, gives its level to z^2 6e-8 of it: 1e-5 at z = -11.5.
        Assert.True(map.Inverse(map.Forward(x).Z).X.allclose(x, 2e-5, 0));
    }

    [Fact]
    public void Roots_are_found_at_the_ends_of_single_precision()
    {
        using var scope = NewDisposeScope();
        var y = torch.tensor(new[] { 3e38f, -3e38f, 1e-38f, 0 });
        Assert.True(RootFinding.Solve(x => (x, torch.ones_like(x)), y).allclose(y, 1e-6, 0));
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
        Assert.Throws<ArithmeticException>(() =>
            RootFinding.Solve(t => (t.tanh(), 1 - t.tanh().square()), torch.tensor(new[] { 2.0 })));
        Assert.True(RootFinding.Solve(Cubic, torch.tensor(new[] { double.NaN })).isnan().all().ToBoolean());
    }
}
