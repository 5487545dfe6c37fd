using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Evaluation;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Numerics;

/// <summary>Measures of a model, each on a case whose answer is known.</summary>
public sealed partial class EvaluationTests
{
    private static double Phi(double z)
    {
        using var scope = NewDisposeScope();
        return 0.5 * torch.special.erfc(torch.tensor(-z / Math.Sqrt(2), dtype: torch.float64)).ToDouble();
    }

    [Fact]
    public void A_uniform_density_needs_the_bits_of_the_levels_and_is_certain_of_it()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(0);
        var x = torch.randint(0, 16, [40, 5], ScalarType.Byte);
        var (average, importance) = BitsPerDimension.Of(new Uniform(0, 1, 5), x, levels: 16, draws: 3);
        Assert.Equal(4, average.Mean, 6);
        Assert.Equal(0, average.StandardError, 6);
        Assert.Equal(4, importance.Mean, 6);
        Assert.Equal((40, 3), (average.Count, average.Draws));
    }

    [Fact]
    public void The_importance_bound_falls_from_the_dequantised_one_to_the_probability_itself()
    {
        using var scope = NewDisposeScope();
        // p(y) = 2 y on (0, 1) with two levels: P(0) = 1/4, P(1) = 3/4. The average bound is the integral of log2(2 y) over each
        // half of the interval.
        var density = new Beta(2, 1, 1);
        var x = torch.tensor(new byte[] { 0, 0, 0, 0 }, [4, 1]);
        var exact = -Math.Log2(0.25);
        // -2 int_0^(1/2) ln(2 y) dy / ln 2, and log2 of two levels
        var bound = -2 * (0.5 * (Math.Log(2) + Math.Log(0.5)) - 0.5) / Math.Log(2) + 1;
        var (average, importance) = BitsPerDimension.Of(density, x, levels: 2, draws: 20_000, seed: 1);
        Assert.Equal(bound, average.Mean, 0.02);      // 80,000 draws of a standard deviation of 1.44 bits: 0.005, four times
        Assert.Equal(exact, importance.Mean, 0.015);
        var few = BitsPerDimension.Of(density, x, levels: 2, draws: 4, seed: 1);
        Assert.True(few.Importance.Mean <= few.Average.Mean);
    }

    [Fact]
    public void The_standard_error_is_that_of_the_mean()
    {
        using var scope = NewDisposeScope();
        // Levels 0 and 1 of p(y) = 1/2 on (0, 1/2), 3/2 on (1/2, 1): bits of 1 + 1 and 1 - log2(3/2), nothing random about them.
        var density = new Histogram();
        var x = torch.tensor(new byte[] { 0, 1, 1, 1 }, [4, 1]);
        var (average, _) = BitsPerDimension.Of(density, x, levels: 2);
        var (a, b) = (2.0, 1 - Math.Log2(1.5));
        Assert.Equal((a + 3 * b) / 4, average.Mean, 6);
        // sqrt(sum (x - mean)^2 / 3) / sqrt 4 with deviations 3/4, -1/4 of a - b
        Assert.Equal((a - b) / 4, average.StandardError, 6);
        Assert.Equal(average.Mean - 1.959964 * average.StandardError, average.Interval.Low, 9);
        Assert.Contains("2 events", Assert.Throws<ArgumentException>(() => BitsPerDimension.Of(density, x.narrow(0, 0, 1), 2))
            .Message);
        Assert.Contains("0 to 1", Assert.Throws<ArgumentException>(() => BitsPerDimension.Of(density, x * 3, 2)).Message);
    }

    [Fact]
    public void An_inverse_that_is_off_is_measured_and_the_worst_event_named()
    {
        using var scope = NewDisposeScope();
        var x = torch.arange(12.0).view(6, 2);
        var exact = InverseError.Of(new Shift(2), x, batchSize: 4);
        Assert.Equal((0, 0, 6), (exact.Largest, exact.Mean, exact.Count));
        var off = InverseError.Of(new Careless(), x, batchSize: 4);
        Assert.Equal(0.25, off.Largest, 9);
        Assert.Equal(0.25 / 12, off.Mean, 9);
        Assert.Equal(5, off.Worst);
    }

    [Fact]
    public void A_classifier_reaches_the_best_accuracy_there_is_and_finds_no_difference_where_there_is_none()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(5);
        var (x, same) = (torch.randn(3000, 4), torch.randn(3000, 4));
        var shifted = torch.randn(3000, 4) + torch.tensor(new[] { 2f, 0, 0, 0 });
        var state = torch.get_rng_state();
        var none = TwoSample.ClassifierTest(x, same);
        Assert.True(state.Equals(torch.get_rng_state()));
        Assert.True(none.PValue > 0.001, $"p {none.PValue}");
        Assert.Equal(3000, none.Count);
        var found = TwoSample.ClassifierTest(x, shifted);
        // The best rule, x_1 above 1, is right with probability Phi(1) = 0.841; three standard errors of 0.0067, and what a
        // finite fit loses.
        Assert.InRange(found.Accuracy, Phi(1) - 0.03, Phi(1) + 0.02);
        Assert.True(found.PValue < 1e-9);
        Assert.Contains("20 events", Assert.Throws<ArgumentException>(() => TwoSample.ClassifierTest(x.narrow(0, 0, 5), same))
            .Message);
    }

    [Fact]
    public void The_probability_integral_transform_is_uniform_for_the_flow_itself_and_off_by_what_theory_says_for_a_wider_one()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(2);
        var flow = new Flow(new Chain(new Scaling(2), new Permute([1, 0])));
        var x = flow.Sample(4000);
        var u = Calibration.Pit(flow, x);
        Assert.Equal([4000, 2], u.shape);
        Assert.True(Calibration.AgainstUniform(u.select(1, 0)).PValue > 0.001);
        // Data twice as wide as the flow: P(Phi(2 n) < = u) = Phi(Phi^-1(u) / 2), farthest from u where both normals' densities
        // cross.
        var (distance, p) = Calibration.AgainstUniform(Calibration.Pit(flow, x * 2).select(1, 0));
        var at = Math.Sqrt(2 * Math.Log(2) / (1 - 0.25));
        Assert.Equal(Phi(at) - Phi(at / 2), distance, 0.025);   // 1.36 / sqrt(4000) = 0.0215 is the 95 % band
        Assert.True(p < 1e-9);
        Assert.Contains("standard normal",
            Assert.Throws<ArgumentException>(() => Calibration.Pit(new Flow(new Scaling(2), new Logistic(2)), x)).Message);
    }

    [Fact]
    public void Levels_of_highest_density_are_uniform_for_the_density_itself_and_near_zero_for_its_mode()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(3);
        var density = new StandardNormal(3);
        Assert.True(Calibration.AgainstUniform(Calibration.HighestDensityLevel(density, density.Sample(1000))).PValue > 0.001);
        Assert.Equal(0, Calibration.HighestDensityLevel(density, torch.zeros(1, 3))[0].ToDouble(), 9);
        // |x|^2 of three normals is at most 2.366 with probability one half.
        Assert.Equal(0.5, Calibration.HighestDensityLevel(density, torch.tensor(new[] { 1.53819f, 0, 0 }, [1, 3]))[0].ToDouble(),
            0.04);
        var (d, pValue) = Calibration.AgainstUniform((torch.arange(100.0, dtype: torch.float64) + 0.5) / 100);
        Assert.Equal(0.005, d, 9);
        Assert.Equal(1, pValue, 6);
    }
}
