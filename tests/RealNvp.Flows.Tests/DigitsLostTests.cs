using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Evaluation;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>Columns far from 0 beside their spread, as times are, and numbers at the ends of what a dtype holds.</summary>
public sealed class DigitsLostTests
{
    /// <summary>Seconds of 1970 and a column that is harmless, [n, 2], float64.</summary>
    private static Tensor Times(int n)
    {
        var seconds = torch.randperm(n).to(float64);
        return torch.stack([torch.randn(n, dtype: float64), seconds + 1.7e9], 1);
    }

    [Fact]
    public void A_column_of_times_is_named_where_float32_would_round_it_away()
    {
        using var scope = NewDisposeScope();
        var x = Times(200);
        Action[] fits =
        [
            () => Architectures.Tabular(x), () => Trainer.Fit(Architectures.RealNvp(2, 2, [4]), x),
            () => Trainer.Fit(Architectures.RealNvp(2, 2, [4]), torch.randn(20, 2), x),
            () => Trainer.Fit(Architectures.RealNvp(2, 2, [4], contextSize: 2), torch.randn(200, 2), trainContext: x),
            () => LearnedMixture.StartedAt(x, 2),
        ];
        Assert.All(fits, fit =>
        {
            var message = Assert.Throws<ArgumentException>(fit).Message;
            Assert.Contains("column 1", message);
            Assert.Contains("of 200 different values", message);
            Assert.Contains("float64", message);
        });
    }

    [Fact]
    public void Times_are_kept_where_their_precision_is()
    {
        using var scope = NewDisposeScope();
        var x = Times(400);
        var centred = x.clone();
        centred[.., 1] -= 1.7e9;
        var (far, near) = (Standardize.Fit(x), Standardize.Fit(centred));
        Assert.True(far.Forward(x).Z.allclose(near.Forward(centred).Z, 1e-9, 1e-9));
        var (kernel, moved) = (new KernelDensity(centred), new KernelDensity(x));
        Assert.True(moved.LogProb(x).allclose(kernel.LogProb(centred), 1e-6, 1e-6));
        Assert.True(Gaussian.Fit(x).LogProb(x).allclose(Gaussian.Fit(centred).LogProb(centred), 1e-6, 1e-6));
        Assert.True(GaussianMixture.Fit(x, 2).LogProb(x).allclose(GaussianMixture.Fit(centred, 2).LogProb(centred), 1e-5, 1e-5));
        Assert.Equal(1, TwoSample.ClassifierTest(x[..200], x[200..] + torch.tensor(new[] { 0.0, 1e3 }), steps: 100).Accuracy,
            1e-2);
        // What float32 tells apart is taken: months of seconds, whole numbers up to 2^24, features that do not vary.
        Trainer.Fit(Architectures.RealNvp(2, 2, [4]), torch.stack([x[.., 0], torch.rand(400, dtype: float64) * 3e7 + 1.7e9], 1),
            options: new() { Steps = 1 });
        Trainer.Fit(Architectures.RealNvp(2, 2, [4]), torch.stack([x[.., 0], torch.full(400, 0.1, float64)], 1),
            options: new() { Steps = 1 });
    }

    [Fact]
    public void A_kernel_estimate_in_float32_is_right_far_from_0()
    {
        using var scope = NewDisposeScope();
        var x = torch.randn(300, 2).mul(100).round().div(64) + 4096;   // exact in float32, and so is what is left of 4096
        var near = new KernelDensity((x - 4096).to(float64));
        Assert.True(new KernelDensity(x).LogProb(x).to(float64).allclose(near.LogProb((x - 4096).to(float64)), 1e-4, 1e-4));
    }

    [Fact]
    public void Of_1e300_the_true_reason_is_told()
    {
        using var scope = NewDisposeScope();
        var x = torch.randn(50, 2, float64);
        x[7, 1] = 1e300;
        foreach (var fit in new Action[]
        {
            () => Architectures.Tabular(x), () => Standardize.Fit(x), () => Gaussian.Fit(x), () => new KernelDensity(x),
            () => GaussianMixture.Fit(x, 2), () => LearnedMixture.StartedAt(x, 2),
            () => Trainer.Fit(Architectures.RealNvp(2, 2, [4]), x),
        })
        {
            var message = Assert.Throws<ArgumentException>(fit).Message;
            Assert.Contains("1E+300", message, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("row 7, column 1", message);
            Assert.DoesNotContain("vary", message);
        }
        x[7, 1] = 1e39;   // fine in float64, too much for float32
        Assert.Contains("beyond the largest Float32",
            Assert.Throws<ArgumentException>(() => Trainer.Fit(Architectures.RealNvp(2, 2, [4]), x)).Message);
        Assert.Equal(1e39 / 50, Standardize.Fit(x).Mean[1].ToDouble(), 1e30);
    }

    [Theory]
    [InlineData(1e25f), InlineData(1e-25f)]
    public void Scales_whose_squares_float32_cannot_hold_are_fitted(float scale)
    {
        using var scope = NewDisposeScope();
        var x = torch.randn(200, 2);
        var expected = -2 * Math.Log(scale);
        Assert.True(Standardize.Fit(x * scale).Forward(x * scale).Z.allclose(Standardize.Fit(x).Forward(x).Z, 1e-4, 1e-4));
        Assert.True((Gaussian.Fit(x * scale).LogProb(x * scale) - Gaussian.Fit(x).LogProb(x)).allclose(torch.full(200,
            expected), 1e-4));
        Assert.True((new KernelDensity(x * scale).LogProb(x * scale) - new KernelDensity(x).LogProb(x))
            .allclose(torch.full(200, expected), 1e-4));
        Assert.True((GaussianMixture.Fit(x * scale, 2).LogProb(x * scale).mean() - GaussianMixture.Fit(x, 2).LogProb(x).mean())
            .allclose(torch.tensor((float)expected), 1e-3));
    }

    [Fact]
    public void Whole_numbers_beyond_float32_are_not_advised_into_it()
    {
        using var scope = NewDisposeScope();
        var flow = Architectures.RealNvp(2, 2, [4]);
        Assert.Contains("float64", Assert.Throws<ArgumentException>(() => Trainer.Fit(flow, torch.full([30, 2], 1_700_000_001L,
            int64)))
            .Message);
        Assert.Contains("float32", Assert.Throws<ArgumentException>(() => Trainer.Fit(flow, torch.full([30, 2], 5,
            int64))).Message);
    }
}
