using RealNvp.Flows.Bijections;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

public sealed class ResidualFlowTests
{
    [Theory]
    [InlineData(1, 7, false)]
    [InlineData(2, 64, false)]
    [InlineData(64, 2, false)]
    [InlineData(20, 30, false)]
    [InlineData(64, 64, false)]
    [InlineData(2, 2, true)]
    [InlineData(64, 64, true)]
    public void The_spectral_norm_is_never_too_small_and_hardly_too_large(int rows, int columns, bool orthogonal)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(1);
        var weight = torch.randn(rows, columns, torch.float64);
        if (orthogonal) weight = torch.linalg.qr(weight).Q * 3;   // equal singular values: the bound's worst case
        var exact = torch.linalg.matrix_norm(weight, 2.0).square().ToDouble();
        foreach (var (dtype, rounding) in new[] { (torch.float64, 1e-12), (torch.float32, 1e-5) })
        {
            var least = Math.Min(rows, columns);
            var bound = SpectralNorm.Squared(weight.to(dtype)).ToDouble() / exact;
            Assert.InRange(bound, 1 - rounding, (least <= 2 ? 1 : Math.Pow(least, 1.0 / 513)) + rounding);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void The_spectral_norm_has_the_derivative_that_differences_have_and_one_at_zero(int rows)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(2);
        var (weight, direction) = (torch.randn(rows, 9, torch.float64).requires_grad_(), torch.randn(rows, 9, torch.float64));
        SpectralNorm.Squared(weight).backward();
        const double step = 1e-5;
        double At(double t) => SpectralNorm.Squared(weight.detach() + t * direction).ToDouble();
        Assert.Equal((At(step) - At(-step)) / (2 * step), (weight.grad! * direction).sum().ToDouble(), 1e-6);
        var zero = torch.zeros(rows, 9).requires_grad_();
        SpectralNorm.Squared(zero).backward();
        Assert.True(zero.grad!.isfinite().all().ToBoolean());
    }

    public static TheoryData<int, int[]> Sizes =>
        new() { { 1, [6] }, { 1, [5, 4] }, { 2, [] }, { 2, [16] }, { 2, [8, 6] }, { 4, [9] }, { 4, [8, 7, 6] } };

    [Theory, MemberData(nameof(Sizes))]
    public void Wild_weights_leave_the_bound_the_log_determinant_and_the_inverse_right(int d, int[] hidden)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(3);
        var block = new ResidualFlow(d, hidden, coefficient: 0.99).to(torch.float64);
        using (torch.no_grad()) foreach (var p in block.parameters()) p.normal_(0, 3);
        var x = torch.randn(300, d, torch.float64) * 2;
        var jacobians = Jacobians.Autograd(v => block.Residual(v), x);
        Assert.True(torch.linalg.matrix_norm(jacobians, 2.0).max().ToDouble() <= block.LipschitzBound + 1e-12);
        var (z, logDet) = block.Forward(x);
        Assert.True(logDet.allclose(Jacobians.LogAbsDet(jacobians + torch.eye(d, dtype: torch.float64)), 1e-10, 1e-10));
        // Newton's steps end at rounding over the least slope there may be, 1 - 0.99.
        Assert.True(block.Inverse(z).X.allclose(x, 1e-12, 1e-12));
    }

    [Fact]
    public void Without_exact_determinants_the_fixed_point_alone_finds_the_inverse()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(4);
        var block = new ResidualFlow(3, [8], ResidualLogDet.PowerSeries, coefficient: 0.95).to(torch.float64);
        using (torch.no_grad()) foreach (var p in block.parameters()) p.normal_(0, 3);
        var x = torch.randn(50, 3, torch.float64);
        Assert.True(block.Inverse(block.Forward(x).Z).X.allclose(x, 1e-12, 1e-12));
    }
}
