using RealNvp.Flows.Bijections;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Numerics;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

public sealed class DistributionTests
{
    [Fact]
    public void A_gaussian_fit_is_the_maximum_of_the_likelihood_and_whitens()
    {
        using var scope = NewDisposeScope();
        var x = Toys.Moons(500).to(torch.float64);
        var fit = Gaussian.Fit(x);
        var centred = x - x.mean([0]);
        var covariance = fit.Factor.mm(fit.Factor.t());
        Assert.True(covariance.allclose(centred.t().mm(centred) / 500, 1e-10, 1e-12));
        // At the maximum, the mean log-likelihood is that of the closed form -(D log 2 pi + log det + D) / 2.
        var expected = -0.5 * (2 * Math.Log(2 * Math.PI) + covariance.logdet().ToDouble() + 2);
        Assert.Equal(expected, Trainer.MeanLogProb(fit, x), 10);
    }

    [Fact]
    public void Em_finds_the_eight_gaussians_and_never_lowers_the_likelihood()
    {
        using var scope = NewDisposeScope();
        var (train, test) = (Toys.EightGaussians(4000), Toys.EightGaussians(4000, seed: 1));
        var fit = GaussianMixture.Fit(train, 8);
        var truth = Toys.EightGaussiansDensity();
        Assert.InRange(Trainer.MeanLogProb(fit, test), Trainer.MeanLogProb(truth, test) - 0.02, Trainer.MeanLogProb(truth, test)
            + 0.001);
        var last = double.NegativeInfinity;
        foreach (var steps in new[] { 1, 2, 4, 8, 16 })
        {
            var now = Trainer.MeanLogProb(
                GaussianMixture.Fit(train.to(torch.float64), 8, new() { MaxSteps = steps, Restarts = 1, Seed = 4 }),
                train.to(torch.float64));
            Assert.True(now >= last - 1e-9, $"{last} to {now} after {steps} steps");
            last = now;
        }
    }

    public static TheoryData<string> Planar =>
        ["gaussian", "mixture", "real nvp", "nice", "real nvp on a mixture base", "standardised real nvp"];

    private static Distribution Make(string name)
    {
        torch.manual_seed(3);
        Distribution made = name switch
        {
            "gaussian" => Gaussian.Fit(Toys.Moons(300)),
            "mixture" => GaussianMixture.Fit(Toys.Moons(300), 3),
            "real nvp" => Architectures.RealNvp2D(6, [16], Networks.Activation.Tanh),
            "nice" => Architectures.Nice(2, 4, [16], Networks.Activation.Tanh),
            "real nvp on a mixture base" =>
                new Flow(Architectures.RealNvp2D(4, [16], Networks.Activation.Tanh).Bijection,
                GaussianMixture.Fit(Toys.Moons(300), 2)),
            "standardised real nvp" =>
                new Flow(new Chain(Standardize.Fit(Toys.Moons(300)), Architectures.RealNvp2D(4, [16], Networks.Activation.Tanh)
                    .Bijection)),
            _ => throw new ArgumentException(name),
        };
        using var guard = torch.no_grad();
        foreach (var p in made.parameters()) p.add_(torch.randn_like(p) * 0.2);
        return made.to(torch.float64);
    }

    [Theory, MemberData(nameof(Planar))]
    public void A_density_on_the_plane_integrates_to_one(string name)
    {
        using var scope = NewDisposeScope();
        var made = Make(name);
        Assert.Equal(1, Quadrature.Integrate2D(x => made.LogProb(x), -12, 12, 1200, torch.float64), 3);
    }

    [Theory, MemberData(nameof(Planar))]
    public void Samples_fall_where_the_density_says(string name)
    {
        using var scope = NewDisposeScope();
        var density = Make(name);
        torch.manual_seed(11);
        const int n = 40_000;
        var samples = density.Sample(n);
        // A chi-squared test of counts in a grid of cells against the integral of the density over each cell.
        const int cells = 12, fine = 24;
        var (low, high) = (-4.0, 4.0);
        var (points, area) = Quadrature.Grid2D(low, high, cells * fine);
        var mass = density.LogProb(points).exp().view(cells, fine, cells, fine).sum(1, 3) * area;
        var cell = ((samples - low) / (high - low) * cells).floor();
        var inside = (cell.ge(0) & cell.lt(cells)).all(1).to(torch.float64);
        var index = (cell.select(1, 0) * cells + cell.select(1, 1)).clamp(0, cells * cells - 1).to(torch.int64);
        var counts = torch.bincount(index, inside, cells * cells);
        var expected = mass.flatten() * n;
        var used = expected.ge(10).to(torch.float64);
        var degrees = used.sum().ToDouble();
        var statistic = ((counts - expected).square() / expected.clamp_min(1e-9) * used).sum().ToDouble();
        // Wilson and Hilferty's normal approximation of chi-squared at level 0.001 (quantile 3.09).
        var limit = degrees * Math.Pow(1 - 2 / (9 * degrees) + 3.09 * Math.Sqrt(2 / (9 * degrees)), 3);
        Assert.True(statistic < limit, $"chi-squared {statistic:f1} over {degrees} cells is above {limit:f1}");
    }

    [Fact]
    public void Samples_come_with_their_own_log_probabilities()
    {
        using var scope = NewDisposeScope();
        var flow = Make("real nvp");
        var (x, logProb) = flow.SampleWithLogProb(50);
        Assert.True(logProb.allclose(flow.LogProb(x), 1e-10, 1e-10));
        Assert.False(flow.Sample(3).requires_grad);
        Assert.True(logProb.requires_grad);
        Assert.Equal(torch.float64, x.dtype);
        Assert.Equal([0, 2], flow.Sample(0).shape);
    }

    [Fact]
    public void A_generator_fixes_the_samples()
    {
        using var scope = NewDisposeScope();
        var flow = Make("real nvp on a mixture base");
        Tensor Draw() => flow.Sample(20, generator: new Generator(5));
        Assert.True(Draw().Equals(Draw()));
    }

    [Fact]
    public void Bits_per_dimension_are_log_two_of_the_density()
    {
        using var scope = NewDisposeScope();
        var normal = new StandardNormal(4).to(torch.float64);
        var x = torch.randn(5, 4, torch.float64);
        Assert.True(normal.BitsPerDim(x, levels: 256).allclose(normal.LogProb(x) / (-4 * Math.Log(2)) + 8));
    }

    [Fact]
    public void Wrong_use_of_a_density_gets_a_sentence()
    {
        using var scope = NewDisposeScope();
        var flow = Architectures.RealNvp2D(2, [4]);
        Assert.Contains("[N, 2]", Assert.Throws<ArgumentException>(() => flow.LogProb(torch.zeros(4, 3))).Message);
        Assert.Contains("floating", Assert.Throws<ArgumentException>(() => flow.LogProb(torch.zeros(4, 2, torch.int64))).Message);
        Assert.Throws<ArgumentException>(() => flow.Sample(-1));
        Assert.Contains("latents", Assert.Throws<ArgumentException>(() => new Flow(flow.Bijection, new StandardNormal(3)))
            .Message);
        Assert.Contains("positive definite",
            Assert.Throws<ArgumentException>(() => new Gaussian(torch.zeros(2), torch.ones(2, 2))).Message);
        Assert.Contains("more than 2", Assert.Throws<ArgumentException>(() => Gaussian.Fit(torch.zeros(2, 2))).Message);
        Assert.Contains("at least 9", Assert.Throws<ArgumentException>(() => GaussianMixture.Fit(torch.zeros(5, 2), 3)).Message);
        Assert.Contains("sum to 1", Assert.Throws<ArgumentException>(
            () => new GaussianMixture(torch.ones(2), torch.zeros(2, 2), torch.eye(2).repeat(2, 1, 1))).Message);
    }
}
