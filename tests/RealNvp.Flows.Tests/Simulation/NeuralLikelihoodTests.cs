using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Simulation;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Simulation;

public sealed class NeuralLikelihoodTests
{
    private static readonly EstimatorOptions Small = new()
    {
        Flow = (dim, context) => Architectures.Maf(dim, 2, [16], contextSize: context),
        Training = new() { Steps = 100, EvaluateEvery = 20 },
    };

    [Fact]
    public void Several_observations_give_their_common_posterior_and_its_evidence()
    {
        // theta from N(0, 1), x_m from N(theta, 1): the posterior is N(sum x / (M + 1), 1 / (M + 1)), and x is N(0, I + 11').
        using var scope = NewDisposeScope();
        manual_seed(1);
        var prior = new StandardNormal(1);
        var pairs = Simulations.Draw(prior, theta => theta + randn_like(theta), 4000);
        var estimate = NeuralLikelihood.Fit(prior, pairs, Small);
        var x = tensor(new[,] { { 0.9f }, { 1.4f }, { 0.2f }, { 1.1f }, { -0.3f } });
        var posterior = estimate.At(x);
        Assert.Equal(5, posterior.Observations);
        var draws = posterior.Sample(2000, generator: new Generator(1));
        var (mean, deviation) = (x.sum().ToDouble() / 6, 1 / Math.Sqrt(6));
        Assert.Equal(mean, draws.X.mean().ToDouble(), 0.25 * deviation);   // what 4000 pairs leave of five likelihoods
        Assert.InRange(draws.X.std().ToDouble() / deviation, 0.85, 1.15);
        var evidence = new Gaussian(zeros(5), eye(5) + ones(5, 5)).LogProb(x.t()).ToDouble();
        Assert.Equal(evidence, draws.LogNormalizer, 0.2);
        // By weights: of the exact posterior's draws, all are worth about the same.
        var exact = new Gaussian(tensor(new[] { (float)mean }), tensor(new[,] { { (float)(deviation * deviation) } }));
        var weighed = posterior.Weigh(exact, 2000, new Generator(2));
        Assert.Equal(evidence, weighed.LogNormalizer, 0.2);
        Assert.InRange(weighed.EffectiveSampleSize, 1800, 2000);
    }

    [Fact]
    public void Draws_stay_inside_a_bounded_prior()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var prior = Uniform.Box([0, -2], [1, 2]);
        var pairs = Simulations.Draw(prior, theta => theta + 0.5 * randn_like(theta), 1000);
        var estimate = NeuralLikelihood.Fit(prior, pairs, Small);
        var draws = estimate.At(tensor(new[] { -0.2f, 2.1f })).Sample(1000).X;
        Assert.True(prior.LogProb(draws).isfinite().all().ToBoolean());
        // The box holds x off by its corner: the means of truncated normals of deviation 0.5 at (-0.2, 2.1).
        Assert.Equal(0.338, draws.select(1, 0).mean().ToDouble(), 0.06);
        Assert.Equal(1.649, draws.select(1, 1).mean().ToDouble(), 0.1);
    }

    [Fact]
    public void Failures_that_depend_on_the_parameters_are_corrected_for()
    {
        // Draws fail with probability 1 - s(4 theta), whatever x: seeing an x that did not fail speaks for theta above 0.
        using var scope = NewDisposeScope();
        manual_seed(3);
        var prior = new StandardNormal(1);
        var pairs = Simulations.Draw(prior, theta => (theta + 2 * randn_like(theta))
            .masked_fill(rand_like(theta).gt((4 * theta).sigmoid()), double.NaN), 6000);
        Assert.InRange(pairs.Failed, 2700, 3300);   // a half, within five deviations
        var posterior = NeuralLikelihood.Fit(prior, pairs, Small).At(tensor(new[] { 0.5f }));
        var theta = linspace(-5, 5, 4001).unsqueeze(1);
        var exact = (prior.LogProb(theta) - 0.125 * (0.5 - theta.squeeze(1)).square()
            + nn.functional.logsigmoid(4 * theta.squeeze(1))).softmax(0);
        var found = posterior.LogDensity(theta).softmax(0);
        double Mean(Tensor weights) => (weights * theta.squeeze(1)).sum().ToDouble();
        Assert.InRange(Mean(exact), 0.6, 0.9);
        Assert.Equal(Mean(exact), Mean(found), 0.1);   // without the correction it is 0.1: half a deviation off
    }

    [Fact]
    public void What_a_likelihood_cannot_take_is_named()
    {
        using var scope = NewDisposeScope();
        var prior = new StandardNormal(2);
        var pairs = Simulations.Draw(prior, theta => theta, 100);
        string Refused(Func<object> call) => Assert.ThrowsAny<ArgumentException>(call).Message;
        Assert.Contains("embedding", Refused(() => NeuralLikelihood.Fit(prior, pairs, new() { Embedding = nn.Flatten() })));
        Assert.Contains("prior is one of 1", Refused(() => NeuralLikelihood.Fit(new StandardNormal(1), pairs)));
        var estimate = NeuralLikelihood.Unfitted(prior, pairs);
        Assert.Contains("[2]", Refused(() => estimate.At(zeros(3))));
        Assert.Contains("row 0, column 1", Refused(() => estimate.At(tensor(new[] { 0, float.NaN }))));
        Assert.Equal(1, estimate.At(zeros(2)).Observations);
    }
}
