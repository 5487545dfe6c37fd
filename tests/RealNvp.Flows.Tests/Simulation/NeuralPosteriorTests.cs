using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Simulation;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Simulation;

public sealed class NeuralPosteriorTests
{
    private static readonly EstimatorOptions Small = new()
    {
        Flow = (dim, context) => Architectures.Maf(dim, 2, [16], contextSize: context),
        Training = new() { Steps = 100, EvaluateEvery = 20 },
    };

    [Fact]
    public void The_linear_Gaussian_posterior_is_found()
    {
        // theta from N(0, I), x = A theta + e, e from N(0, 0.25 I): precision I + 4 A'A, mean 4 P^-1 A' x.
        using var scope = NewDisposeScope();
        manual_seed(1);
        var a = tensor(new[,] { { 1.0f, 0.5f }, { -0.3f, 0.8f }, { 0.2f, 0.0f } });
        var prior = new StandardNormal(2);
        var pairs = Simulations.Draw(prior, theta => theta.mm(a.t()) + 0.5 * randn(theta.size(0), 3), 4000);
        var estimate = NeuralPosterior.Fit(prior, pairs, Small);
        var precision = eye(2) + 4 * a.t().mm(a);
        var covariance = linalg.inv(precision);
        var x = tensor(new[] { 1.2f, -0.7f, 0.4f });
        var exact = new Gaussian(covariance.mv(4 * a.t().mv(x)), covariance);
        var samples = exact.Sample(4000);
        // 11 numbers fitted to 3600 pairs cost 11 / 7200 nats on average; ten times that at one x is far.
        Assert.InRange((exact.LogProb(samples) - estimate.At(x).LogProb(samples)).mean().ToDouble(), -0.005, 0.02);
        var drawn = estimate.At(x.unsqueeze(0)).Sample(20_000);
        Assert.True((drawn.mean([0]) - exact.Mean).abs().max().ToDouble() < 0.06);   // a tenth of a deviation
        Assert.True(estimate.Training!.BestHeldOutLoss < 2);
    }

    [Fact]
    public void A_posterior_at_the_edge_of_a_box_has_no_mass_outside_and_the_truncated_normal_inside()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var prior = new Uniform(0, 1, 1);
        var pairs = Simulations.Draw(prior, theta => theta + 0.2 * randn_like(theta), 4000);
        var estimate = NeuralPosterior.Fit(prior, pairs, Small with
        {
            Flow = null,
            Layers = 2,
            Width = 16,
            Training = new() { Steps = 400, LearningRate = 3e-3 }
        });
        Assert.True(estimate.IsOntoSupport);
        var x = tensor(0.05f);
        var posterior = estimate.At(x);
        var draws = posterior.Sample(20_000);
        Assert.True((draws.gt(0) & draws.lt(1)).all().ToBoolean());
        Assert.Equal([0.0, 0, 0], posterior.LogProb(tensor(new[,] { { -0.1f }, { 1.1f }, { -5f } })).exp().to(float64)
            .data<double>().ToArray());
        var grid = (arange(0, 2000, dtype: float32) + 0.5) / 2000;
        var q = posterior.LogProb(grid.unsqueeze(1)).exp();
        var p = (-0.5 * ((grid - x) / 0.2).square()).exp();
        p = p / p.mean();
        Assert.Equal(1, q.mean().ToDouble(), 0.01);   // the midpoint rule on a density that is steep at 0
        // An unfitted flow is at 0.4; 4000 pairs leave some hundredths.
        Assert.InRange(0.5 * (q - p).abs().mean().ToDouble(), 0, 0.1);
    }

    [Fact]
    public void Where_the_support_is_not_known_draws_are_held_to_it_and_the_density_sums_to_one()
    {
        // A prior of the caller's own: uniform on the disc.
        using var scope = NewDisposeScope();
        manual_seed(3);
        var disc = new Disc();
        Assert.Null(Support.Of(disc));
        var pairs = Simulations.Draw(disc, theta => theta + 0.3 * randn_like(theta), 1000);
        var estimate = NeuralPosterior.Fit(disc, pairs, Small);
        Assert.False(estimate.IsOntoSupport);
        var x = tensor(new[] { 1.0f, 0.2f });
        var posterior = estimate.At(x);
        Assert.True(posterior.Sample(5000).square().sum(1).le(1).all().ToBoolean());
        Assert.True(estimate.Sample(500, x.expand(500, 2)).square().sum(1).le(1).all().ToBoolean());
        var inside = ((Restricted)posterior).Mass;
        Assert.InRange(inside, 0.3, 0.95);   // it leaks
        var steps = (arange(0, 300, dtype: float32) + 0.5) / 150 - 1;
        var grid = stack([.. meshgrid([steps, steps]).Select(t => t.flatten())], 1);
        // 20,000 draws give the mass within 0.7 % at a half; the disc's edge crosses the grid's cells.
        Assert.Equal(1, posterior.LogProb(grid).exp().sum().ToDouble() / (150 * 150), 0.03);
        Assert.Equal(0, posterior.LogProb(tensor(new[,] { { 0.9f, 0.9f } })).exp().ToDouble());
    }

    [Fact]
    public void An_embedding_is_trained_with_the_flow()
    {
        // 40 measurements with noise 1 of theta: only their mean tells, and the posterior's deviation is 1 / sqrt 41.
        using var scope = NewDisposeScope();
        manual_seed(4);
        var prior = new StandardNormal(1);
        var pairs = Simulations.Draw(prior, theta => theta.unsqueeze(2) + randn(theta.size(0), 1, 40), 3000);
        var network = nn.Sequential(nn.Flatten(), nn.Linear(40, 1));
        var before = network.parameters().First().clone();
        var estimate = NeuralPosterior.Fit(prior, pairs, new()
        {
            Embedding = network,
            Layers = 1,
            Width = 16,
            Training = new() { Steps = 500, LearningRate = 1e-2 }
        });
        Assert.False(network.parameters().First().Equals(before));
        var x = randn(1, 40) * 0.1f + 0.8f;
        var draws = estimate.At(x).Sample(5000);
        var mean = x.sum().ToDouble() / 41;
        Assert.Equal(mean, draws.mean().ToDouble(), 0.1);              // two thirds of a deviation
        Assert.InRange(draws.std().ToDouble() * Math.Sqrt(41), 0.8, 1.4);   // the prior's would be 6.4
    }

    [Fact]
    public void Saved_weights_make_an_unfitted_estimator_the_fitted_one()
    {
        using var scope = NewDisposeScope();
        var prior = new Uniform(-1, 1, 2);
        var pairs = Simulations.Draw(prior, theta => theta + 0.1 * randn_like(theta), 300);
        var (fitted, other) = (NeuralPosterior.Fit(prior, pairs, Small), NeuralPosterior.Unfitted(prior, pairs, Small));
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "posterior.safetensors");
        Weights.Save(fitted, path);
        Weights.Load(other, path);
        var (theta, x) = (prior.Sample(10), randn(10, 2));
        Assert.True(other.LogProb(theta, x).Equals(fitted.LogProb(theta, x)));
    }

    [Fact]
    public void One_seed_gives_one_estimator_and_leaves_the_global_generator_as_it_was()
    {
        using var scope = NewDisposeScope();
        var prior = new Uniform(-1, 1, 2);
        var pairs = Simulations.Draw(prior, theta => theta, 300);
        manual_seed(5);
        var state = get_rng_state();
        var first = NeuralPosterior.Fit(prior, pairs, Small);
        Assert.True(get_rng_state().Equals(state));
        manual_seed(6);
        var second = NeuralPosterior.Fit(prior, pairs, Small);
        var (theta, x) = (prior.Sample(10), randn(10, 2));
        Assert.True(first.LogProb(theta, x).Equals(second.LogProb(theta, x)));
    }

    [Fact]
    public void Wrong_observations_and_options_are_named()
    {
        using var scope = NewDisposeScope();
        var prior = new Uniform(-1, 1, 2);
        var pairs = Simulations.Draw(prior, theta => theta.unsqueeze(1).expand(-1, 3, 2), 100);
        var estimate = NeuralPosterior.Unfitted(prior, pairs);
        string Refused(Func<object> call) => Assert.ThrowsAny<ArgumentException>(call).Message;
        Assert.Contains("[3, 2]", Refused(() => estimate.At(zeros(6))));
        Assert.Contains("[2, 3, 2]", Refused(() => estimate.At(zeros(2, 3, 2))));
        Assert.Contains("row 0, position [1, 1]", Refused(() =>
            estimate.At(tensor(new[,] { { 0, 0 }, { 0, float.NaN }, { 0, 0 } }))));
        Assert.Contains("prior is one of 3", Refused(() => NeuralPosterior.Fit(new Uniform(-1, 1, 3), pairs)));
        Assert.Contains("outside of (0, 1)", Refused(() => NeuralPosterior.Fit(new Uniform(0, 1, 2), pairs)));
        Assert.Contains("HeldOut", Refused(() => NeuralPosterior.Fit(prior, pairs, new() { HeldOut = 1 })));
        Assert.Contains("Layers", Refused(() => NeuralPosterior.Fit(prior, pairs, new() { Layers = 0 })));
        Assert.Contains("context of 6", Refused(() => NeuralPosterior.Fit(prior, pairs, new()
        { Flow = (dim, _) => Architectures.Maf(dim, 1, [4]) })));
        Assert.Contains("nn.Flatten()", Refused(() => NeuralPosterior.Fit(prior, pairs, new() { Embedding = nn.ReLU() })));
    }

    /// <summary>Uniform on the unit disc.</summary>
    private sealed class Disc() : Distribution("Disc", [2])
    {
        protected internal override Tensor LogDensity(Tensor x, Tensor? context) =>
            (x.sum(1) * 0 - Math.Log(Math.PI)).masked_fill(x.square().sum(1).gt(1), double.NegativeInfinity);

        protected internal override Tensor Draw(long n, Tensor? context, Generator? generator)
        {
            var angle = torch.rand(n, 1) * 2 * Math.PI;
            return torch.rand(n, 1).sqrt() * torch.cat([angle.cos(), angle.sin()], 1);
        }
    }
}
