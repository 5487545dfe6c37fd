using RealNvp.Flows.Distributions;
using RealNvp.Flows.Inference;
using RealNvp.Flows.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Inference;

public sealed class ImportanceSampleTests
{
    private const double Mean = 0.3, Deviation = 0.9;
    private static readonly double LogThree = Math.Log(3);

    /// <summary>3 N(x; 0.3, 0.9^2): Z is 3.</summary>
    private static Tensor Target(Tensor x) =>
        ((x - Mean) / Deviation).square().flatten(1).sum(1L) * -0.5 - Math.Log(Deviation * Math.Sqrt(2 * Math.PI)) + LogThree;

    private static StandardNormal Q => (StandardNormal)new StandardNormal(1).to(float64);

    /// <summary>E_q[w^2] / E_q[w]^2 of two normals: int p^2 / q, in closed form with v = 2 / s^2 - 1.</summary>
    private static double Chi(double mean, double s)
    {
        var v = 2 / (s * s) - 1;
        return Math.Exp(mean * mean / (s * s) * (2 / (s * s * v) - 1)) / (s * s * Math.Sqrt(v));
    }

    [Fact]
    public void The_normaliser_the_effective_size_and_means_are_those_of_two_normals()
    {
        using var scope = NewDisposeScope();
        var sample = ImportanceSample.Draw(Q, Target, 50_000, new Generator(1));
        Assert.Equal(LogThree, sample.LogNormalizer, 4 * sample.LogNormalizerError);
        var efficiency = 1 / Chi(Mean, Deviation);
        Assert.Equal(efficiency, sample.EffectiveSampleSize / 50_000, 0.02);
        Assert.Equal(Math.Sqrt((1 / efficiency - 1) / 50_000), sample.LogNormalizerError, 1e-4);
        Assert.True(sample.IsReliable, sample.ToString());
        var (mean, error) = sample.Mean(x => x.flatten(0));
        Assert.Equal(Mean, mean, 4 * error);
        Assert.InRange(error, 0.5 * Deviation / Math.Sqrt(50_000), 2 * Deviation / Math.Sqrt(50_000));
        var again = sample.Resample(20_000, new Generator(2));
        Assert.Equal(Mean, again.mean().ToDouble(), 5 * Deviation / Math.Sqrt(20_000) + 4 * error);
        Assert.Equal(Deviation, again.std().ToDouble(), 0.03);
    }

    [Fact]
    public void Events_of_p_tell_the_same_efficiency_and_see_a_mode_that_q_misses()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var x = randn([50_000, 1], float64) * Deviation + Mean;
        Assert.Equal(1 / Chi(Mean, Deviation), ImportanceSample.EfficiencyFrom(Q, Target, x), 0.02);
        // Half of p lies at 20, where q never goes: its own weights look perfect.
        var two = new GaussianMixture(tensor(new[] { 0.5, 0.5 }), tensor(new[,] { { 0.0 }, { 20.0 } }), ones(2, 1, 1, float64));
        var sample = ImportanceSample.Draw(Q, y => two.LogProb(y), 5000, new Generator(4));
        Assert.InRange(sample.EffectiveSampleSize, 4999, 5000.1);
        Assert.True(ImportanceSample.EfficiencyFrom(Q, y => two.LogProb(y), two.Sample(5000)) < 1e-3);
    }

    [Theory]
    [InlineData(1.15)]
    [InlineData(1.5)]
    [InlineData(2.5)]
    public void The_tail_of_the_weights_has_the_shape_that_it_has_between_two_normals(double deviation)
    {
        // q = N(0, 1), p = N(0, s^2): w = c exp(a x^2) with a = (1 - 1 / s^2) / 2, and P(x^2 > y) falls as exp(-y / 2) / sqrt(y),
        // so w has a power law's tail of shape 2 a = 1 - 1 / s^2, reached slowly and from below.
        using var scope = NewDisposeScope();
        var sample = ImportanceSample.Draw(Q, x => (x / deviation).square().sum(1L) * -0.5, 200_000, new Generator(5));
        var shape = 1 - 1 / (deviation * deviation);
        Assert.InRange(sample.TailShape, shape - 0.2, shape + 0.1);
        Assert.Equal(shape < 0.7, sample.IsReliable);
        Assert.Equal(shape >= 0.7, sample.ToString().Contains("collapsed", StringComparison.Ordinal));
    }

    [Fact]
    public void Equal_weights_have_no_tail_and_next_to_no_events_are_not_trusted()
    {
        using var scope = NewDisposeScope();
        var same = ImportanceSample.Draw(Q, x => Q.LogProb(x), 1000);
        Assert.Equal((1000, true), (Math.Round(same.EffectiveSampleSize, 6), same.IsReliable));
        Assert.Equal(0, same.LogNormalizer, 1e-12);
        Assert.False(ImportanceSample.Draw(Q, Target, 10).IsReliable);
        // All of the weight on a few events far out.
        Assert.False(ImportanceSample.Draw(Q, x => ((x - 12) * 4).square().sum(1L) * -0.5, 2000, new Generator(6)).IsReliable);
    }

    [Fact]
    public void A_density_of_the_wrong_shape_or_without_a_number_gets_a_sentence()
    {
        using var scope = NewDisposeScope();
        string Refused(Func<Tensor, Tensor> log) =>
            Assert.Throws<ArgumentException>(() => ImportanceSample.Draw(Q, log, 100)).Message;
        Assert.Contains("[100, 1]", Refused(x => x));
        Assert.Contains("nothing to weigh", Refused(x => x.flatten(0) * double.NaN));
        Assert.Contains("nothing to weigh", Refused(x => full(100, double.NegativeInfinity)));
        Assert.Contains("context", Assert.Throws<ArgumentException>(() =>
            ImportanceSample.Draw(Architectures.RealNvp(2, 2, [4], contextSize: 1), x => x.sum(1L), 10)).Message);
    }
}
