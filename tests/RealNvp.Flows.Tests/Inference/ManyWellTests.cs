using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Inference;
using RealNvp.Flows.Models;
using RealNvp.Flows.Numerics;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Inference;

/// <summary>Double wells, whose modes and log Z are known, and whether a model reaches them all.</summary>
public sealed class ManyWellTests(ITestOutputHelper output)
{
    private static Flow Wide(long d) => new(new Standardize(zeros(d), full([d], 2f)));

    /// <summary>The part of a double well's mass at a below 0, by quadrature: 15 %.</summary>
    private static double LightPart()
    {
        var a = Quadrature.Midpoints(-4, 4, 4000);
        var mass = (a.square() * (6 - a.square()) + a / 2).softmax(0);
        return mass.masked_select(a.lt(0)).sum().ToDouble();
    }

    [Fact]
    public void The_density_integrates_to_one_and_samples_follow_it()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var one = (ManyWell)new ManyWell(1).to(float64);
        Assert.Equal(1, Quadrature.Integrate2D(x => one.LogProb(x), -8, 8, 600, float64), 1e-10);
        Assert.Equal(4 * one.LogNormalizer, new ManyWell(4).LogNormalizer, 1e-12);
        const int n = 40_000;
        var x = one.Sample(n);
        // Kolmogorov's distance is above 1.95 / sqrt(n) in one case of a thousand.
        var a = Quadrature.Midpoints(-4, 4, 8000);
        var levels = (a.square() * (6 - a.square()) + a / 2).softmax(0).cumsum(0);
        var at = searchsorted(a, x.select(1, 0).sort(0).Values).clamp(0, 7999);
        var empirical = (arange(n, float64) + 0.5) / n;
        var distance = (levels.index_select(0, at) - empirical).abs().max().ToDouble();
        Assert.True(distance < 1.95 / Math.Sqrt(n) + 2e-3, $"{distance}");   // a cell holds at most 0.002
        Assert.Equal(0, x.select(1, 1).mean().ToDouble(), 4 / Math.Sqrt(n));
        Assert.Equal(1, x.select(1, 1).std().ToDouble(), 4 / Math.Sqrt(2.0 * n));
        var many = new ManyWell(3).LogProb(cat([x, x, x], 1).to(float32));
        Assert.True(many.allclose((3 * one.LogProb(x)).to(float32), 1e-4, 1e-3));   // float32, energies to 30
    }

    [Fact]
    public void A_tempered_fit_reaches_both_modes_with_most_events_effective()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var well = new ManyWell(1);
        Tensor Log(Tensor x) => well.Energy(x).neg();
        var flow = Architectures.NeuralSpline(2, 4, [32], bins: 12, bound: 5);
        Trainer.FitReverse(flow, Log, new() { Steps = 400, LearningRate = 5e-3, BatchSize = 256 },
            new() { StartInverseTemperature = 0.05, TemperedPart = 0.6 });
        var sample = ImportanceSample.Draw(flow, Log, 20_000);
        var coverage = Coverage.Of(flow, Log, Wide(2), generator: new Generator(1));
        output.WriteLine($"{sample}, true {well.LogNormalizer:f4}; {coverage}");
        Assert.Equal(well.LogNormalizer, sample.LogNormalizer, 0.02);   // the target, five standard errors
        Assert.True(sample.EffectiveSampleSize > 0.8 * 20_000, sample.ToString());
        Assert.False(coverage.IsCollapsed, coverage.ToString());
        Assert.True(coverage.Efficiency > 0.7, coverage.ToString());
        Assert.Equal(well.LogNormalizer, coverage.LogNormalizer, 0.15);   // of 2,000 particles over some rises
    }

    [Fact]
    public void A_fit_of_one_mode_has_good_weights_and_is_said_to_have_collapsed()
    {
        using var scope = NewDisposeScope();
        var well = new ManyWell(1);
        Tensor Log(Tensor x) => well.Energy(x).neg();
        // The heavy mode alone: its top and curvature there, 12 a^2 - 12, a little wider.
        var one = new Gaussian(tensor(new[] { 1.72f, 0f }), diag(tensor(new[] { 0.05f, 1f })));
        var own = ImportanceSample.Draw(one, Log, 20_000, new Generator(2));
        Assert.True(own.EffectiveSampleSize > 0.8 * 20_000, own.ToString());
        Assert.Equal(well.LogNormalizer + Math.Log(1 - LightPart()), own.LogNormalizer, 0.05);   // Z without what is missed
        var coverage = Coverage.Of(one, Log, Wide(2), generator: new Generator(3));
        output.WriteLine($"{own}; {coverage}");
        Assert.True(coverage.IsCollapsed);
        Assert.Contains("collapsed", coverage.ToString());
        // 2,000 particles, resampled on their way: four standard errors of twice the variance.
        Assert.Equal(LightPart(), coverage.Missed, 4 * Math.Sqrt(2 * 0.15 * 0.85 / 2000));
    }

    [Fact]
    public void A_start_of_another_shape_and_wells_that_are_none_get_a_sentence()
    {
        using var scope = NewDisposeScope();
        var well = new ManyWell(2);
        Assert.Contains("[4]", Assert.Throws<ArgumentException>(() =>
            Coverage.Of(well, x => well.LogProb(x), Wide(2))).Message);
        Assert.Equal("wells", Assert.Throws<ArgumentOutOfRangeException>(() => new ManyWell(0)).ParamName);
        Assert.Equal("wells", Assert.Throws<ArgumentOutOfRangeException>(() => new ManyWell(2000)).ParamName);
        Assert.Contains("[N, 4]", Assert.Throws<ArgumentException>(() => well.Energy(zeros(3, 2))).Message);
    }
}
