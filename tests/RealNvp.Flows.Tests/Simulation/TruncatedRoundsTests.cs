using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Simulation;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Simulation;

public sealed class TruncatedRoundsTests
{
    [Fact]
    public void Rounds_close_in_on_the_observation_and_keep_the_posterior()
    {
        // theta uniform on [-5, 5]^2, x from N(theta, 0.25 I): the posterior at (1, -2) is N(x, 0.25 I).
        using var scope = NewDisposeScope();
        manual_seed(1);
        var prior = new Uniform(-5, 5, 2);
        var x = tensor(new[] { 1f, -2 });
        var told = 0;
        var run = TruncatedRounds.Run(prior, theta => theta + 0.5 * randn_like(theta), x, rounds: 3, perRound: 400,
            outside: 1e-3, options: new()
            {
                Flow = (dim, context) => Architectures.Maf(dim, 2, [16], contextSize: context),
                Training = new() { Steps = 150, LearningRate = 5e-3 },
            }, progress: _ => told++);
        Assert.Equal((3, 3, 1200L), (told, run.Rounds.Count, run.Pairs.Asked));
        Assert.Equal(1, run.Rounds[0].PriorMass);
        Assert.True(run.Rounds[1].PriorMass < 0.7 && run.Rounds[2].PriorMass <= run.Rounds[1].PriorMass,
            string.Join(" ", run.Rounds));
        // The region holds 99.9 % of the posterior: a disc of 3.7 deviations is 11 of the box's 100.
        Assert.True(run.Rounds[2].PriorMass > 0.05);
        var late = run.Pairs.Theta.narrow(0, 800, 400) - x;
        Assert.True(late.square().sum(1).sqrt().mean().ToDouble() < 3);   // 4.6 over the box
        var draws = run.Posterior.At(x).Sample(5000);
        Assert.True((draws.mean([0]) - x).abs().max().ToDouble() < 0.2);
        Assert.InRange((draws - draws.mean([0])).square().mean().sqrt().ToDouble(), 0.4, 0.7);
    }

    [Fact]
    public void A_truncated_prior_is_the_prior_inside_its_region()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var normal = new StandardNormal(1);
        var half = new Restricted(normal, x => x.select(1, 0).gt(1), draws: 200_000);
        const double Beyond = 0.158655;   // P(Z > 1)
        Assert.Equal(Beyond, half.Mass, 5 * Math.Sqrt(Beyond * (1 - Beyond) / 200_000));
        var draws = half.Sample(20_000);
        Assert.True(draws.gt(1).all().ToBoolean());
        Assert.Equal(1.5251, draws.mean().ToDouble(), 0.02);   // phi(1) / P(Z > 1); the deviation is 0.446
        var log = half.LogProb(tensor(new[,] { { 1.5f }, { 0.5f } }));
        Assert.Equal(normal.LogProb(tensor(new[,] { { 1.5f } })).ToDouble() - Math.Log(Beyond), log[0].ToDouble(), 0.02);
        Assert.Equal(double.NegativeInfinity, log[1].ToDouble());
        Assert.Equal(0, half.Sample(0).size(0));
        Assert.Contains("boolean", Assert.Throws<ArgumentException>(() => new Restricted(normal, x => x).Sample(5)).Message);
        Assert.Contains("None of", Assert.Throws<InvalidOperationException>(() =>
            new Restricted(normal, x => x.select(1, 0).gt(99)).LogProb(zeros(1, 1))).Message);
        Assert.Contains("context", Assert.Throws<ArgumentException>(() =>
            new Restricted(Architectures.Maf(1, 1, [4], contextSize: 1), x => x.select(1, 0).gt(0))).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Senseless_numbers_are_named(double outside) =>
        Assert.Equal("outside", Assert.Throws<ArgumentOutOfRangeException>(() =>
            TruncatedRounds.Run(new Uniform(-1, 1, 2), theta => theta, zeros(2), outside: outside)).ParamName);
}
