using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>What holds for every spline of six bins on [-3, 3], whatever its pieces are.</summary>
public abstract class SplineProperties(Transformer spline)
{
    protected Tensor Parameters(long n, double size, ScalarType dtype = ScalarType.Float64)
    {
        torch.manual_seed(5);
        return torch.randn(n, spline.ParametersPerElement, dtype: dtype) * size;
    }

    /// <summary>The size of the numbers whose rounding goes into a value y.</summary>
    protected abstract Tensor Magnitude(Tensor y);

    [Fact]
    public void Parameters_of_zero_are_the_identity()
    {
        using var scope = NewDisposeScope();
        var x = torch.linspace(-5, 5, 1001, torch.float64).unsqueeze(1);
        var (y, log) = spline.Forward(x, torch.zeros(1001, spline.ParametersPerElement, torch.float64));
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
        var (y, log) = spline.Forward(x, h);
        var (back, inverseLog) = spline.Inverse(y, h);
        // An error of rounding in y, 2e-16 of its magnitude, is divided by the derivative on its way back.
        var allowed = (1 / log!.exp() + 1) * (x.abs() + Magnitude(y)) * 1e-13;
        Assert.True((back - x).abs().le(allowed).all().ToBoolean(), $"worst error {(back - x).abs().max().ToDouble():e2}");
        Assert.True(y.diff(dim: 0).slice(0, 14, 4014, 1).ge(0).all().ToBoolean(), "the spline decreases");
        Assert.True(inverseLog!.isfinite().all().ToBoolean());
    }
}
