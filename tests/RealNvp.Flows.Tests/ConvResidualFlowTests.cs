using RealNvp.Flows.Bijections;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace RealNvp.Flows.Tests;

public sealed class ConvResidualFlowTests
{
    /// <summary>The convolution's greatest singular value on images of a size, from its whole matrix.</summary>
    private static double OnImages(Tensor weight, long size)
    {
        var (inputs, half) = (weight.size(1), weight.size(2) / 2);
        var d = inputs * size * size;
        var matrix = F.conv2d(eye(d, dtype: weight.dtype).view(d, inputs, size, size), weight, padding: [half, half]).flatten(1);
        return linalg.matrix_norm(matrix, 2.0).ToDouble();
    }

    /// <summary>The greatest singular value of W(f) over a fine grid of frequencies, by torch's own complex SVD.</summary>
    private static double OfThePlane(Tensor weight)
    {
        const int n = 128;
        var padded = F.pad(weight, [0, n - weight.size(3), 0, n - weight.size(2)]);
        return linalg.svdvals(fft.fft2(padded).permute(2, 3, 0, 1)).max().ToDouble();
    }

    [Theory]
    [InlineData(1, 1, 3)]
    [InlineData(3, 2, 3)]
    [InlineData(4, 12, 3)]
    [InlineData(2, 2, 5)]
    [InlineData(5, 3, 1)]
    public void The_bound_of_a_convolutions_norm_is_never_too_small_and_hardly_too_large(int inputs, int outputs, int kernel)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        // How far trigonometric polynomials may rise between 16 points, and 1152 blocks' share in the Schatten norm.
        var loose = kernel == 1 ? 1.01 : 1.01 / Math.Pow(Math.Cos(Math.PI * (kernel / 2) / 16), 2);
        foreach (var weight in new[] { randn(outputs, inputs, kernel, kernel, float64), ones(outputs, inputs, kernel, kernel, float64),
            zeros(outputs, inputs, kernel, kernel, float64).index_fill_(3, tensor(new long[] { kernel - 1 }), 1) })
        {
            var bound = SpectralNorm.SquaredOfConvolution(weight).sqrt().ToDouble();
            Assert.True(OnImages(weight, 8) <= bound * (1 + 1e-12));
            Assert.InRange(bound / OfThePlane(weight), 1 - 1e-12, loose);
            Assert.Equal(bound, SpectralNorm.SquaredOfConvolution(weight.to(float32)).sqrt().ToDouble(), 1e-4 * bound);
        }
    }

    [Fact]
    public void The_bound_has_the_derivative_that_differences_have_and_one_at_zero()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var (weight, direction) = (randn(5, 3, 3, 3, float64).requires_grad_(), randn(5, 3, 3, 3, float64));
        SpectralNorm.SquaredOfConvolution(weight).backward();
        const double step = 1e-5;
        double At(double t) => SpectralNorm.SquaredOfConvolution(weight.detach() + t * direction).ToDouble();
        Assert.Equal((At(step) - At(-step)) / (2 * step), (weight.grad! * direction).sum().ToDouble(), 1e-5);
        var zero = zeros(2, 2, 3, 3).requires_grad_();
        SpectralNorm.SquaredOfConvolution(zero).backward();
        Assert.True(zero.grad!.isfinite().all().ToBoolean());
    }

    [Fact]
    public void Wild_weights_leave_the_bound_the_log_determinant_and_the_inverse_right()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var block = new ConvResidualFlow(2, 3, 4, 5, ResidualLogDet.Exact, 0.95).to(float64);
        using (no_grad()) foreach (var p in block.parameters()) p.normal_(0, 3);
        var x = randn([40, 2, 3, 4], float64) * 2;
        var jacobians = Jacobians.Autograd(v => block.Residual(v), x);
        Assert.True(linalg.matrix_norm(jacobians, 2.0).max().ToDouble() <= block.LipschitzBound + 1e-12);
        var (z, logDet) = block.Forward(x);
        Assert.True(logDet.allclose(Jacobians.LogAbsDet(jacobians + eye(24, dtype: float64)), 1e-10, 1e-10));
        Assert.True(block.Inverse(z).X.allclose(x, 1e-11, 1e-11));   // rounding over the least slope, 1 - 0.95
    }

    [Theory]
    [InlineData(ResidualLogDet.PowerSeries, 30)]
    [InlineData(ResidualLogDet.RussianRoulette, 4)]
    public void Estimates_of_the_log_determinant_have_the_exact_one_for_their_mean(ResidualLogDet method, int terms)
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        ConvResidualFlow Made(ResidualLogDet how) => (ConvResidualFlow)new ConvResidualFlow(1, 4, 4, 6, how, 0.7, terms).to(float64);
        var (exact, estimator) = (Made(ResidualLogDet.Exact), Made(method));
        using (no_grad()) foreach (var p in exact.parameters()) p.normal_(0, 1);
        estimator.load_state_dict(exact.state_dict());
        using var guard = no_grad();
        var x = randn([1, 1, 4, 4], float64);
        // Copies in a call share the roulette's end, and calls differ in it. Of the series, 0.7^30 is left out.
        var means = stack([.. Enumerable.Range(0, 40).Select(_ => estimator.Forward(x.expand(50, 1, 4, 4)).LogDet.mean())]);
        var error = means.std().ToDouble() / Math.Sqrt(40);
        Assert.Equal(exact.Forward(x).LogDet.ToDouble(), means.mean().ToDouble(), 4 * error + 1e-4);
        Assert.True(error < 0.05, $"{error}: the test would show nothing");
    }

    [Fact]
    public void A_ready_made_flow_of_images_trains_and_comes_back()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var flow = Architectures.ResidualImages([1, 8, 8], blocks: 2, width: 8);
        var x = rand(32, 1, 8, 8) * 0.9 + 0.05;
        flow.train();
        flow.LogProb(x).mean().neg().backward();
        foreach (var (name, p) in flow.named_parameters())
            Assert.True(p.grad is not null && p.grad.isfinite().all().ToBoolean(), name);
        flow.eval();
        using var guard = no_grad();
        var z = flow.Bijection.Forward(x).Z;
        Assert.True(flow.Bijection.Inverse(z).X.allclose(x, 1e-3, 1e-4));   // float32 over five fixed points
        Assert.Equal([3, 1, 8, 8], flow.Sample(3).shape);
    }
}
