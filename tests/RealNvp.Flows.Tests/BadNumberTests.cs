using RealNvp.Flows.Bijections;
using RealNvp.Flows.Evaluation;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>One value that is no number spoils no model for good, and no statistic without a word.</summary>
public sealed class BadNumberTests
{
    private static readonly float[] Bad = [float.NaN, float.PositiveInfinity];

    public static TheoryData<float> Values => [.. Bad];

    [Theory, MemberData(nameof(Values))]
    public void ActNorm_starts_from_the_finite_events(float bad)
    {
        using var scope = NewDisposeScope();
        var x = randn(64, 3) * 5 + 2;
        var (clean, mixed, late) = (new ActNorm(3), new ActNorm(3), new ActNorm(3));
        clean.Forward(x);
        var row = full(1, 3, bad);
        var (z, _) = mixed.Forward(cat([row, x], 0));
        Assert.True(z[1..].allclose(clean.Forward(x).Z, 1e-5, 1e-5));
        late.Forward(row);   // nothing to start from: the next batch is the first
        late.Forward(x);
        Assert.True(late.Forward(x).Z.allclose(clean.Forward(x).Z, 1e-5, 1e-5));
    }

    [Theory, MemberData(nameof(Values))]
    public void Batch_norms_averages_outlive_a_bad_batch(float bad)
    {
        using var scope = NewDisposeScope();
        var (clean, mixed) = (new BatchNorm([3]), new BatchNorm([3]));
        var x = randn(64, 3) * 5 + 2;
        foreach (var norm in new[] { clean, mixed }) norm.Forward(x);
        mixed.Forward(cat([full(1, 3, bad), x], 0));
        foreach (var norm in new[] { clean, mixed }) norm.eval();
        Assert.True(mixed.Forward(x).Z.Equals(clean.Forward(x).Z));
    }

    [Theory]
    [InlineData(1e30f), InlineData(1e6f), InlineData(-1e6f)]
    public void ActNorm_starts_from_what_the_batch_is_like_whatever_one_event_is(float far)
    {
        using var scope = NewDisposeScope();
        foreach (var x in new[] { randn(64, 3) * 5 + 2, randn(64, 3, 4, 4) * 5 + 2 })
        {
            var (clean, mixed) = (new ActNorm(x.shape[1..]), new ActNorm(x.shape[1..]));
            var expected = clean.Forward(x).Z;
            mixed.Forward(cat([full([1, .. x.shape[1..]], far), x], 0));
            Assert.True(mixed.Forward(x).Z.allclose(expected, 1e-4, 1e-4));
            Assert.Contains("started from 65 events", mixed.ToString());
        }
    }

    [Fact]
    public void A_start_is_that_of_the_batch_where_nothing_lies_far_out()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        // Most values alike, and a few others; two peaks far apart; a heavy tail; a small cluster far out.
        foreach (var x in new[] { cat([zeros(80, 1), randn(20, 1)], 0), cat([randn(50, 1) - 100, randn(50, 1) + 100], 0),
            randn(100, 1).pow(3).clamp(-4, 4), cat([randn(92, 1), randn(8, 1) + 1000], 0) })
        {
            var z = new ActNorm(1).Forward(x).Z;
            Assert.Equal(0, z.mean().ToDouble(), 1e-4);
            Assert.Equal(1, z.std(unbiased: false).ToDouble(), 1e-4);
        }
    }

    [Fact]
    public void A_fit_starts_on_its_own_data_whatever_was_looked_at_before()
    {
        using var scope = NewDisposeScope();
        var data = randn(256, 2) * 3 + 1;
        double Fit(bool lookedBefore)
        {
            manual_seed(2);
            using var flow = Architectures.Residual(2, 2, [8]);
            if (lookedBefore) flow.LogProb(randn(10, 2) * 1e-4 + 1e3);   // starts it, and fits nothing that is like the data
            manual_seed(3);
            Trainer.Fit(flow, data, options: new() { Steps = 20 });
            return Trainer.MeanLogProb(flow, data);
        }
        Assert.Equal(Fit(false), Fit(true), 1e-5);
        // What was trained goes on from where it is.
        using var trained = Architectures.Residual(2, 2, [8]);
        Trainer.Fit(trained, data, options: new() { Steps = 20 });
        var before = trained.state_dict().Single(p => p.Key == "bijection.layers.0.started").Value.ToDouble();
        Trainer.Fit(trained, data[..50], options: new() { Steps = 1 });
        Assert.Equal(before, trained.state_dict().Single(p => p.Key == "bijection.layers.0.started").Value.ToDouble());
    }

    [Theory, MemberData(nameof(Values))]
    public void Batch_norms_inside_image_networks_outlive_a_bad_batch(float bad)
    {
        using var scope = NewDisposeScope();
        var flow = Architectures.RealNvpImages([1, 8, 8], width: 4, blocks: 1);
        var x = rand(6, 1, 8, 8);
        flow.LogProb(x).mean().backward();   // the averages take part in no gradient
        var spoilt = x.clone();
        spoilt[2] = bad;
        flow.LogProb(spoilt);
        Assert.All(flow.state_dict(), p => Assert.True(p.Value.isfinite().all().ToBoolean(), p.Key));
        flow.eval();
        Assert.True(flow.LogProb(x).isfinite().all().ToBoolean());
    }

    [Fact]
    public void Batch_norms_inside_image_networks_are_torchs_own()
    {
        using var scope = NewDisposeScope();
        var (own, theirs) = (nn.BatchNorm2d(3), nn.BatchNorm2d(3));
        for (var k = 0; k < 3; k++)
        {
            var x = randn(5, 3, 4, 4) * 2 + k;
            Assert.True(own.Finite(x).allclose(theirs.call(x)));
        }
        Assert.All(own.state_dict(), p => Assert.True(p.Value.allclose(theirs.state_dict()[p.Key]), p.Key));
    }

    [Theory, MemberData(nameof(Values))]
    public void Statistics_of_samples_name_the_row_and_the_column(float bad)
    {
        using var scope = NewDisposeScope();
        var (x, y) = (randn(30, 2), randn(40, 2));
        y[7, 1] = bad;
        Func<double>[] statistics =
        [
            () => TwoSample.EnergyTest(x, y, permutations: 9), () => TwoSample.EnergyDistance(x, y), () => TwoSample.Mmd(x, y),
            () => TwoSample.ClassifierTest(x, y, steps: 2).PValue, () => TwoSample.KolmogorovSmirnov(y[.., 1], u => u.sigmoid()),
        ];
        Assert.All(statistics, statistic =>
            Assert.Contains("row 7", Assert.Throws<ArgumentException>(() => statistic()).Message));
    }

    [Fact]
    public void The_energy_distance_of_many_points_is_that_of_all_pairs()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (randn(1500, 2, float64), randn(700, 2, float64) + 0.3);
        double Sum(Tensor a, Tensor b) => (a.unsqueeze(1) - b.unsqueeze(0)).square().sum(2L).sqrt().sum().ToDouble();
        var expected = 2 * Sum(x, y) / (1500.0 * 700) - Sum(x, x) / (1500.0 * 1499) - Sum(y, y) / (700.0 * 699);
        Assert.Equal(expected, TwoSample.EnergyDistance(x, y), 1e-10);
    }
}
