using RealNvp.Flows.Bijections;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Evaluation;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Numerics;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace RealNvp.Flows.Tests;

/// <summary>Values that a formula gives by hand, at settings where a slip in the code changes them.</summary>
public sealed class KnownValueTests
{
    [Fact]
    public void ActNorm_starts_once_not_again_after_evaluation()
    {
        using var scope = NewDisposeScope();
        var (norm, x) = (new ActNorm(2).to(float64), randn([4000, 2], float64));
        norm.Forward(x);
        norm.eval();
        norm.Forward(x * 3);
        norm.train();
        var z = norm.Forward(x * 5).Z;
        var scale = x.std(0L, unbiased: false);   // what it started from
        Assert.True(z.@var([0L], unbiased: false).allclose(25 * ones(2, float64), 1e-9, 1e-9));
        Assert.True(norm.Forward(x).LogDet[0].allclose(-scale.log().sum(), 1e-9, 1e-9));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_roulette_of_few_sure_terms_has_the_series_mean(int sure)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        manual_seed(5);
        // Without a hidden layer g is linear, and log det(I + 0.6 Q) of a rotation Q by 1 is log(1 + 1.2 cos 1 + 0.36).
        var flow = new ResidualFlow(2, [], ResidualLogDet.RussianRoulette, terms: sure).to(float64);
        var (c, s) = (0.6 * Math.Cos(1), 0.6 * Math.Sin(1));
        foreach (var p in flow.parameters()) p.copy_(p.dim() == 1 ? zeros(2, float64) : tensor(new[,] { { c, s }, { -s, c } }));
        var right = Math.Log(1 + 2 * c + 0.36);
        var draws = Enumerable.Range(0, 4000).Select(_ => flow.Forward(zeros(4, 2, float64)).LogDet.mean().ToDouble()).ToArray();
        var mean = draws.Average();
        var error = Math.Sqrt(draws.Sum(d => (d - mean) * (d - mean)) / draws.Length / (draws.Length - 1));
        Assert.True(error < 0.02, $"a standard error of {error:g3} shows nothing");
        Assert.True(Math.Abs(mean - right) < 4 * error, $"{mean:f4} +- {error:f4} against {right:f4}");
    }

    [Fact]
    public void A_mixture_with_unlike_weights_draws_by_weight()
    {
        using var scope = NewDisposeScope();
        using var em = new GaussianMixture(tensor(new[] { 0.9, 0.1 }), tensor(new[,] { { -5.0 }, { 5.0 } }),
            ones(2, 1, 1, float64));
        foreach (var mixture in (Distribution[])[em, new LearnedMixture(em).to(float64)])
        {
            var below = mixture.Sample(20_000, generator: new Generator(3)).lt(0).to(float64).mean().ToDouble();
            Assert.InRange(below, 0.9 - 0.0085, 0.9 + 0.0085);   // four standard errors
        }
    }

    [Fact]
    public void One_component_by_em_is_the_gaussian_of_maximum_likelihood()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var x = randn(300, 3, float64).mm(randn(3, 3, float64)) + 2;
        var fit = GaussianMixture.Fit(x, 1, new() { CovarianceFloor = 0 });
        var centred = x - x.mean([0]);
        var covariance = centred.t().mm(centred) / 300;
        Assert.Equal(1, fit.Weights.ToDouble(), 1e-12);
        Assert.True(fit.Means[0].allclose(x.mean([0]), 1e-9, 1e-9));
        Assert.True(fit.Factors[0].mm(fit.Factors[0].t()).allclose(covariance, 1e-9, 1e-9));
    }

    [Theory]
    [InlineData(0, 1 / 11.0)]
    [InlineData(9, 10 / 11.0)]
    [InlineData(10, 1)]
    [InlineData(55, 0.505)]
    [InlineData(100, 0.01)]
    public void A_warmup_rises_and_then_falls_over_the_steps_that_are_left(long step, double factor) =>
        Assert.Equal(factor, Schedule.Warmup(10, Schedule.Cosine(0.01)).Factor(step, 100), 1e-12);

    [Fact]
    public void Identical_points_differ_in_no_permutation() =>
        Assert.Equal(1, TwoSample.EnergyTest(ones(6, 2), ones(9, 2), permutations: 19));

    [Fact]
    public void The_log_determinant_of_a_large_matrix_does_not_underflow()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(200 * Math.Log(1e-3), Jacobians.LogAbsDet(eye(200, dtype: float64).unsqueeze(0) * -1e-3).ToDouble(), 1e-9);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_dequantised_level_stays_in_its_level(bool fast)
    {
        const int Draws = 4_000_000;
        using var scope = NewDisposeScope();
        var level = full(Draws, 255, uint8);
        using var generator = new Generator(1);
        var x = fast ? Dequantize.Fast(level, 256, generator) : Dequantize.Uniform(level, 256, generator);
        Assert.Equal(float32, x.dtype);
        var (low, high) = (x.min().ToDouble(), x.max().ToDouble());
        Assert.InRange(low, 255 / 256.0, 255 / 256.0 + 1e-5);
        Assert.InRange(high, 1 - 1e-5, 1 - 1e-12);
        Assert.Equal(255.5 / 256, x.to(float64).mean().ToDouble(), 4 / (256 * Math.Sqrt(12.0 * Draws)));
    }

    [Fact]
    public void Twenty_steps_of_adam_are_those_of_the_algorithm()
    {
        const double Rate = 0.03, Decay = 0.2;
        using var scope = NewDisposeScope();
        var model = nn.Linear(3, 1, hasBias: false, dtype: float64);
        double[] w = [0.5, -2, 1], m = new double[3], v = new double[3];
        using (no_grad()) model.weight!.copy_(tensor(w).view(1, 3));
        using var parameters = new FlatParameters(model);
        using var adam = new FlatAdam(parameters, Decay);
        for (var t = 1; t <= 20; t++)
        {
            double[] g = [.. w.Select((value, k) => (k + 1) * value + Math.Sin(t))];   // of a quadratic that wobbles
            using (no_grad())
            {
                parameters.Gradients.copy_(tensor(g));
                adam.Step(Rate);
            }
            for (var k = 0; k < 3; k++)
            {
                (m[k], v[k]) = (0.9 * m[k] + 0.1 * g[k], 0.999 * v[k] + 0.001 * g[k] * g[k]);
                var step = m[k] / (1 - Math.Pow(0.9, t)) / (Math.Sqrt(v[k] / (1 - Math.Pow(0.999, t))) + 1e-8);
                w[k] = w[k] * (1 - Rate * Decay) - Rate * step;
            }
            Assert.All(parameters.Values.data<double>().ToArray().Zip(w), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
        }
    }

    [Fact]
    public void A_fresh_weight_normalised_convolution_is_the_convolution_with_its_direction()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var layer = new WeightNormConv2d(2, 3, 5).to(float64);
        var p = layer.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        var x = randn(2, 2, 7, 6, float64);
        // The gain is stored in float32's rounding of the direction's length.
        Assert.True(layer.call(x).allclose(F.conv2d(x, p["direction"], p["bias"], padding: [2, 2]), 1e-6, 1e-6));
        using (no_grad()) p["gain"].mul_(3);
        Assert.True((layer.call(x) - p["bias"].view(1, 3, 1, 1)).allclose(3 * F.conv2d(x, p["direction"], padding: [2, 2]), 1e-6,
            1e-6));
        Assert.Equal(0, new WeightNormConv2d(2, 3, 3, zero: true).call(randn(1, 2, 4, 4)).abs().max().ToDouble());
    }
}
