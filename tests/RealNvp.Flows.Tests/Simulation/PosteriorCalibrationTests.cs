using RealNvp.Flows.Distributions;
using RealNvp.Flows.Evaluation;
using RealNvp.Flows.Simulation;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Simulation;

/// <summary>theta from N(0, I) in two dimensions, x from N(theta, I): the posterior is N(x / 2, I / 2).</summary>
public sealed class PosteriorCalibrationTests
{
    private const int Pairs = 1000, Draws = 99;

    // Generators of other seeds than the pairs': of one seed, random points would go with the parameters.

    private static (Tensor Theta, Tensor X) Simulated()
    {
        manual_seed(1);
        var theta = randn(Pairs, 2, float64);
        return (theta, theta + randn(Pairs, 2, float64));
    }

    /// <summary>Draws of N(mean, variance I).</summary>
    private static Tensor Normal(Tensor mean, double variance) =>
        mean + Math.Sqrt(variance) * randn([Draws, Pairs, 2], float64);

    [Fact]
    public void The_exact_posterior_is_called_right()
    {
        using var scope = NewDisposeScope();
        var (theta, x) = Simulated();
        var found = PosteriorCalibration.From(theta, Normal(x / 2, 0.5), new Generator(11));
        Assert.True(found.IsRight(), found.ToString());
        Assert.Equal((0, Draws), (found.Ranks.min().ToInt64(), found.Ranks.max().ToInt64()));
        // Ranks among 99 draws are uniform on 100 values: chi squared of 100 cells over 2 x 1000 ranks is 99 on average, with a
        // deviation of sqrt(198); five of them is far.
        var counts = bincount(found.Ranks.flatten(), minlength: 100).to(float64);
        var expected = 2.0 * Pairs / 100;
        Assert.InRange(((counts - expected).square() / expected).sum().ToDouble(), 99 - 70, 99 + 70);
    }

    [Fact]
    public void A_wrong_prior_is_caught_by_ranks_and_by_random_points()
    {
        using var scope = NewDisposeScope();
        var (theta, x) = Simulated();
        // The posterior under the prior N(1, I).
        var shifted = PosteriorCalibration.From(theta, Normal(x / 2 + 0.5, 0.5), new Generator(11));
        Assert.All(shifted.Parameters, test => Assert.True(test.PValue < 1e-6, shifted.ToString()));
        Assert.False(shifted.IsRight());
        // And under one that is far too wide, N(0, 100 I), which is x itself with variance near 1.
        var wide = PosteriorCalibration.From(theta, Normal(x / 1.01, 1 / 1.01), new Generator(11));
        Assert.True(wide.Coverage.PValue < 1e-6, wide.ToString());
        // Too narrow: ranks crowd at both ends.
        var narrow = PosteriorCalibration.From(theta, Normal(x / 2, 0.1), new Generator(11));
        Assert.True(narrow.Ranks.eq(0).sum().ToInt64() + narrow.Ranks.eq(Draws).sum().ToInt64() > 0.2 * 2 * Pairs);
        Assert.True(narrow.Coverage.PValue < 1e-6, narrow.ToString());
    }

    [Fact]
    public void A_posterior_that_does_not_look_at_the_data_is_caught_by_points_that_do()
    {
        // The prior itself: ranks are uniform, and so is coverage around points that know nothing of x.
        using var scope = NewDisposeScope();
        var (theta, x) = Simulated();
        var prior = Normal(zeros_like(x), 1);
        var blind = PosteriorCalibration.From(theta, prior, new Generator(11));
        Assert.True(blind.IsRight(), blind.ToString());
        var levels = Calibration.RandomPointCoverage(theta, prior, x, new Generator(12));
        Assert.True(Calibration.AgainstUniform(levels).PValue < 1e-6);
        var looking = PosteriorCalibration.From(theta, prior, new Generator(12), x);
        Assert.False(looking.IsRight(), looking.ToString());
        Assert.All(looking.Parameters, test => Assert.True(test.PValue > 0.001, looking.ToString()));
        // And of a conditional density, drawn from for each pair: a standard normal whatever the data are.
        var network = new Flows.Networks.Mlp(2, 4, []);
        using (no_grad()) foreach (var p in network.parameters()) p.zero_();
        var pairs = Simulations.Of(theta.to(float32), x.to(float32));
        var ignoring = new ConditionalGaussian(network, 2);
        Assert.True(PosteriorCalibration.Of(ignoring, pairs, Draws, new Generator(13)).IsRight());
        Assert.False(PosteriorCalibration.Of(ignoring, pairs, Draws, new Generator(13), pairs.X).IsRight());
        var right = Calibration.RandomPointCoverage(theta, Normal(x / 2, 0.5), x, new Generator(12));
        Assert.True(Calibration.AgainstUniform(right).PValue > 0.001);
    }

    [Fact]
    public void Coverage_is_the_part_of_draws_that_lie_nearer_counted_by_hand()
    {
        using var scope = NewDisposeScope();
        var theta = tensor(new[,] { { 0.0, 0 }, { 1, 10 } });
        // Ranges are 1 and 10. From (0, 0), theta_1 is sqrt 2 away, its draws (0.5, 0), (2, 0), (0, 13), (1, 9) are 0.5, 2, 1.3
        // and 1.35.
        var draws = tensor(new double[,,] { { { 0.1, 0 }, { 0.5, 0 } }, { { 1, 0 }, { 2, 0 } }, { { 0, 2 }, { 0, 13 } },
            { { 1, 1 }, { 1, 9 } } });
        var levels = Calibration.RandomPointCoverage(theta, draws, zeros_like(theta), new Generator(13));
        Assert.Equal([0, 3], (levels * 5).floor().to(int64).data<long>().ToArray());
        Assert.Equal([0, 0, 4, 3], Calibration.Ranks(tensor(new[,] { { 0.0, 0 }, { 3, 10 } }), draws).flatten().data<long>()
            .ToArray());
    }

    [Fact]
    public void A_conditional_density_is_drawn_from_for_each_pair_in_its_order()
    {
        // Of a density so narrow that its draws are its means, 10 x.
        using var scope = NewDisposeScope();
        var network = new Flows.Networks.Mlp(1, 2, []);
        using (no_grad())
        {
            network.parameters().First().copy_(tensor(new[,] { { 10f, -1000 } }));
            network.parameters().Last().zero_();
        }
        var narrow = new ConditionalGaussian(network, 1);
        var x = rand(50, 1) + 1;
        var pairs = Simulations.Of(10 * x + 0.5f, x);
        var found = PosteriorCalibration.Of(narrow, pairs, 20, new Generator(11));
        Assert.True(found.Ranks.eq(20).all().ToBoolean());
        var level = Simulations.Of(10 * x - 0.5f, x);
        Assert.True(PosteriorCalibration.Of(narrow, level, 20, new Generator(11)).Ranks.eq(0).all().ToBoolean());
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_named()
    {
        string Refused(Func<object> call) => Assert.ThrowsAny<ArgumentException>(call).Message;
        Assert.Contains("[4, 5, 3]", Refused(() => Calibration.Ranks(zeros(5, 2), zeros(4, 5, 3))));
        Assert.Contains("[5, 1]", Refused(() => Calibration.RandomPointCoverage(rand(5, 2), zeros(4, 5, 2), zeros(5, 1))));
        Assert.Contains("column 1", Refused(() => Calibration.RandomPointCoverage(cat([rand(5, 1), zeros(5, 1)], 1),
            zeros(4, 5, 2))));
        Assert.Contains("0 to 4", Refused(() => Calibration.Spread(tensor(new[] { 5L }), 4)));
        Assert.Contains("context", Refused(() => PosteriorCalibration.Of(new StandardNormal(2),
            Simulations.Of(zeros(5, 2), zeros(5, 2)))));
    }
}
