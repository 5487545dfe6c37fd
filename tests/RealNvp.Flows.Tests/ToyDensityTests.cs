using RealNvp.Flows.Data;
using RealNvp.Flows.Evaluation;
using RealNvp.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

public sealed class ToyDensityTests
{
    public static TheoryData<string> Names => [.. Toys.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_toy_draws_from_the_density_that_it_states(string name)
    {
        using var scope = NewDisposeScope();
        const int Boxes = 14, Fine = 10, N = 8_000;
        const double Half = 3.36;
        var density = Toys.Density(name);
        // Probabilities of boxes by quadrature, Fine x Fine points in each: 0.048 apart, near the least noise of 0.04, where the
        // midpoint rule still errs by 1e-5.
        var (points, area) = Quadrature.Grid2D(-Half, Half, Boxes * Fine);
        var log = density.LogProb(points);
        var mass = log.exp().view(Boxes, Fine, Boxes, Fine).sum([1, 3]) * area;
        // Tails outside the square are below 1e-3; the checkerboard's edges cost the midpoint rule up to a row of points.
        Assert.Equal(1, mass.sum().ToDouble(), name == "checkerboard" ? 0.06 : 2e-3);
        var x = Toys.All[name](N, 11).to(torch.float64);
        var cell = ((x + Half) / (2 * Half) * Boxes).floor().clamp(0, Boxes - 1).to(torch.int64);
        var counts = (cell.select(1, 0) * Boxes + cell.select(1, 1)).bincount(null, Boxes * Boxes).to(torch.float64)
            .view(Boxes, Boxes);
        var expected = mass / mass.sum() * N;
        var enough = expected.gt(10);
        Assert.True(enough.sum().ToInt32() > 15, name);
        var statistic = ((counts - expected).square() / expected).masked_select(enough).sum().ToDouble();
        var freedom = enough.sum().ToDouble();
        // Chi-squared is close to N(k, 2 k); four standard deviations. The checkerboard's boxes are off by their edges.
        if (name != "checkerboard")
            Assert.True(statistic < freedom + 4 * Math.Sqrt(2 * freedom),
                $"{name}: chi-squared {statistic:f1} with {freedom} boxes");
        // -E log p, from samples and by quadrature: the entropy, twice.
        var own = LogLikelihood.Of(density, x);
        var byQuadrature = torch.where(log.isfinite(), log * log.exp(), torch.zeros_like(log)).sum().ToDouble() * area;
        Assert.True(Math.Abs(own.Mean - byQuadrature) < 4 * own.StandardError + 5e-3 + (name == "checkerboard" ? 0.06 : 0),
            $"{name}: {own.Mean:f4} from samples, {byQuadrature:f4} by quadrature");
    }

    [Fact]
    public void Densities_draw_as_the_toys_do_and_unknown_names_are_refused()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator();
        generator.manual_seed(1);
        var density = Toys.Density("two spirals");
        var drawn = density.Sample(500, generator: generator);
        Assert.Equal([500, 2], drawn.shape);
        Assert.True(TwoSample.EnergyTest(drawn, Toys.TwoSpirals(500, seed: 3), 199) > 0.01);
        Assert.Contains("swiss roll", Assert.Throws<ArgumentException>(() => Toys.Density("cheese")).Message);
    }
}
