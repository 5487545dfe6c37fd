using RealNvp.Flows.Distributions;
using RealNvp.Flows.Evaluation;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Simulation;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Simulation;

public sealed class LocalClassifierTests
{
    /// <summary>N(x / 2 + bend relu(x), 1/2): at bend 0 the posterior of theta from N(0, 1) and x from N(theta, 1).</summary>
    private static ConditionalGaussian Posterior(double bend)
    {
        var network = new Mlp(1, 2, [2]);
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var p = network.parameters().ToArray();   // in the order of the layers: weight [in, out] and bias
        foreach (var (into, values) in p.Zip(new[] {
            tensor(new[,] { { 1f, -1 } }), zeros(2),
            tensor(new[,] { { 0.5f + (float)bend, 0 }, { -0.5f, 0 } }), tensor(new[] { 0, 0.5f * MathF.Log(0.5f) }) }))
            into.copy_(values);
        return new(network, 1);
    }

    [Fact]
    public void A_posterior_that_is_wrong_at_some_data_only_is_caught_there_and_nowhere_else()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var theta = randn(3000, 1);
        var pairs = Simulations.Of(theta, theta + randn_like(theta));
        using var bent = Posterior(1);   // right below 0, moved by x above
        var test = LocalClassifierTest.Fit(bent, pairs, shuffles: 19, hidden: [16], steps: 400);
        var (low, high) = (test.At(tensor(-1.5f), generator: new Generator(1)),
            test.At(tensor(1.5f), generator: new Generator(1)));
        Assert.Equal(0.05, high.PValue, 1e-12);   // the least of 19 shuffles
        Assert.True(low.Statistic < high.Statistic / 3, $"{low.Statistic} {high.Statistic}");
        // It says where: too much mass far up (its mean is 2.25, the right one 0.75).
        Assert.True(high.Probability.mean().ToDouble() > 0.7);
        using var right = Posterior(0);
        var fine = LocalClassifierTest.Fit(right, pairs, shuffles: 19, hidden: [16], steps: 400);
        // At one of three places a right posterior may have 1 of 20 by chance, not at all of them.
        Assert.Contains(new[] { -1.5f, 0.2f, 1.5f }, x => fine.At(tensor(x), generator: new Generator(1)).PValue > 0.05);
        Assert.True(fine.At(tensor(1.5f)).Statistic < high.Statistic / 5);
        Assert.Contains("at least 100", Assert.Throws<ArgumentException>(() =>
            LocalClassifierTest.Fit(right, Simulations.Of(zeros(10, 1), zeros(10, 1)))).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void The_cross_validated_score_of_two_normals_is_the_best_that_can_be(double apart)
    {
        // Of N(0, I) and N(a e1, I) the best accuracy is Phi(a / 2).
        using var scope = NewDisposeScope();
        manual_seed(2);
        var (x, y) = (randn(1500, 2), randn(1500, 2) + tensor(new[] { (float)apart, 0 }));
        var best = 1 - 0.5 * special.erfc(tensor(apart / 2 / Math.Sqrt(2), dtype: float64)).ToDouble();
        var state = get_rng_state();
        var found = TwoSample.CrossValidatedClassifierTest(x, y);
        Assert.True(get_rng_state().Equals(state));
        // 3000 events: a standard error of 0.009; networks fall short of the best by as much again.
        Assert.InRange(found.Accuracy, best - 0.04, best + 0.03);
        Assert.Equal(3000, found.Count);
        Assert.Contains("folds", Assert.ThrowsAny<ArgumentException>(() =>
            TwoSample.CrossValidatedClassifierTest(x, y, folds: 1)).Message);
    }
}
