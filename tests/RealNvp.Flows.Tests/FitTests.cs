using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Evaluation;
using RealNvp.Flows.Inference;
using RealNvp.Flows.Models;
using RealNvp.Flows.Numerics;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

public sealed class FitTests(ITestOutputHelper output)
{
    [Fact]
    public void Real_nvp_comes_within_a_twentieth_of_a_nat_of_the_density_of_two_moons()
    {
        using var scope = NewDisposeScope();
        var (train, heldOut, test) = (Toys.Moons(20_000, seed: 1), Toys.Moons(4000, seed: 2), Toys.Moons(5000, seed: 3));
        // The truth by a fine kernel estimate, which can only fall short of it.
        var truth = Trainer.MeanLogProb(new KernelDensity(Toys.Moons(20_000, seed: 9), 0.08), test, batchSize: 1000);
        torch.manual_seed(1);
        var flow = Architectures.RealNvp2D();
        var result = Trainer.Fit(flow, train, heldOut, new() { Steps = 2000, LearningRate = 2e-3, EvaluateEvery = 250 });
        var reached = LogLikelihood.Of(flow, test);
        output.WriteLine($"{result}; reached {reached}, true density {truth:f3}");
        Assert.InRange(reached.Mean, truth - 0.05, truth + 0.05);
    }

    [Fact]
    public void A_spline_flow_comes_within_a_twentieth_of_a_nat_of_the_density_of_eight_gaussians()
    {
        using var scope = NewDisposeScope();
        var (train, heldOut, test) =
            (Toys.EightGaussians(20_000, seed: 1), Toys.EightGaussians(4000, seed: 2), Toys.EightGaussians(5000, seed: 3));
        var truth = Trainer.MeanLogProb(Toys.EightGaussiansDensity(), test);
        torch.manual_seed(1);
        var flow = Architectures.NeuralSpline(2);
        var result = Trainer.Fit(flow, train, heldOut, new() { Steps = 1500, LearningRate = 3e-3, EvaluateEvery = 250 });
        var reached = LogLikelihood.Of(flow, test);
        output.WriteLine($"{result}; reached {reached}, true density {truth:f3}");
        Assert.InRange(reached.Mean, truth - 0.05, truth + 0.01);
    }

    [Fact]
    public void A_path_between_latents_starts_and_ends_at_its_events_and_a_temperature_narrows_samples()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(1);
        var flow = Architectures.RealNvp(3, 4, [8]).to(torch.float64);
        using (torch.no_grad()) foreach (var p in flow.parameters()) p.add_(torch.randn_like(p) * 0.3);
        var (a, b) = (torch.randn(3, torch.float64), torch.randn(3, torch.float64));
        var path = Latents.Interpolate(flow, a, b, 5);
        Assert.Equal([5, 3], path.shape);
        Assert.True(path[0].allclose(a, 1e-10, 1e-10));
        Assert.True(path[4].allclose(b, 1e-10, 1e-10));
        Assert.True(Latents.Interpolate(flow, a, a, 3).allclose(a.expand(3, 3), 1e-10, 1e-10));
        Assert.True(Latents.SampleAt(flow, 500, 0).std(0L).max().ToDouble() < 1e-12);
        Assert.True(Latents.SampleAt(flow, 2000, 0.3).@var(0L).sum().ToDouble() < flow.Sample(2000).@var(0L).sum()
            .ToDouble() / 4);
    }

    [Fact]
    public void The_density_of_two_moons_is_the_one_that_they_are_drawn_from()
    {
        using var scope = NewDisposeScope();
        var density = Toys.MoonsDensity();
        var test = Toys.Moons(4000, seed: 3);
        // A kernel estimate of many events is a little too wide: it falls short of the truth by some hundredths of a nat, never
        // above it.
        var estimate = Trainer.MeanLogProb(new KernelDensity(Toys.Moons(20_000, seed: 9), 0.03), test, batchSize: 1000);
        Assert.InRange(Trainer.MeanLogProb(density, test, batchSize: 1000), estimate + 0.005, estimate + 0.08);
        Assert.Equal(1, Quadrature.Integrate2D(x => density.LogProb(x), -3, 3, 120), 1e-3);
        // Moments of the half circles: E[cos^2] = 1/2 about +-1/2 gives x a variance of 1/2 + 1/4 + noise^2.
        var x = density.Sample(40_000, generator: new Generator(1)).select(1, 0);
        Assert.Equal(0.76, x.@var().ToDouble(), 0.02);
    }

    [Fact]
    public void A_confidence_interval_holds_the_entropy_of_a_normal()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(2);
        var log = LogLikelihood.Of(new StandardNormal(2), torch.randn(20_000, 2));
        var entropy = Math.Log(2 * Math.PI) + 1;
        Assert.InRange(-entropy, log.Interval.Low, log.Interval.High);
        // log p is minus half a chi-squared of 2 degrees: variance 1
        Assert.InRange(log.StandardError * Math.Sqrt(20_000), 0.97, 1.03);
        Assert.Throws<ArgumentException>(() => LogLikelihood.Of(new StandardNormal(2), torch.zeros(1, 2)));
    }
}
