using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Numerics;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;
using Ready = RealNvp.Flows.Models.Flows;

namespace RealNvp.Flows.Tests.Numerics;

/// <summary>Measures of a model, each on a case whose answer is known.</summary>
public sealed class EvaluationTests
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
        // p(y) = 2 y on (0, 1) with two levels: P(0) = 1/4, P(1) = 3/4. The average bound is the integral of log2(2 y) over each half of the interval.
        var density = new Beta(2, 1, 1);
        var x = torch.tensor(new byte[] { 0, 0, 0, 0 }, [4, 1]);
        var exact = -Math.Log2(0.25);
        var bound = -2 * (0.5 * (Math.Log(2) + Math.Log(0.5)) - 0.5) / Math.Log(2) + 1;   // -2 int_0^(1/2) ln(2 y) dy / ln 2, and log2 of two levels
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
        Assert.Equal((a - b) / 4, average.StandardError, 6);   // sqrt(sum (x - mean)^2 / 3) / sqrt 4 with deviations 3/4, -1/4 of a - b
        Assert.Equal(average.Mean - 1.959964 * average.StandardError, average.Interval.Low, 9);
        Assert.Contains("2 events", Assert.Throws<ArgumentException>(() => BitsPerDimension.Of(density, x.narrow(0, 0, 1), 2)).Message);
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
        // The best rule, x_1 above 1, is right with probability Phi(1) = 0.841; three standard errors of 0.0067, and what a finite fit loses.
        Assert.InRange(found.Accuracy, Phi(1) - 0.03, Phi(1) + 0.02);
        Assert.True(found.PValue < 1e-9);
        Assert.Contains("20 events", Assert.Throws<ArgumentException>(() => TwoSample.ClassifierTest(x.narrow(0, 0, 5), same)).Message);
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
        // Data twice as wide as the flow: P(Phi(2 n) <= u) = Phi(Phi^-1(u) / 2), farthest from u where both normals' densities cross.
        var (distance, p) = Calibration.AgainstUniform(Calibration.Pit(flow, x * 2).select(1, 0));
        var at = Math.Sqrt(2 * Math.Log(2) / (1 - 0.25));
        Assert.Equal(Phi(at) - Phi(at / 2), distance, 0.025);   // 1.36 / sqrt(4000) = 0.0215 is the 95 % band
        Assert.True(p < 1e-9);
        Assert.Contains("standard normal", Assert.Throws<ArgumentException>(() => Calibration.Pit(new Flow(new Scaling(2), new Logistic(2)), x)).Message);
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
        Assert.Equal(0.5, Calibration.HighestDensityLevel(density, torch.tensor(new[] { 1.53819f, 0, 0 }, [1, 3]))[0].ToDouble(), 0.04);
        var (d, pValue) = Calibration.AgainstUniform((torch.arange(100.0, dtype: torch.float64) + 0.5) / 100);
        Assert.Equal(0.005, d, 9);
        Assert.Equal(1, pValue, 6);
    }

    [Fact]
    public void The_area_under_the_curve_counts_pairs_and_ties_as_halves()
    {
        using var scope = NewDisposeScope();
        double Auroc(double[] own, double[] other) => OutOfDistribution.Auroc(torch.tensor(own), torch.tensor(other));
        Assert.Equal(1, Auroc([1, 2, 3], [4, 5]));
        Assert.Equal(0, Auroc([4, 5], [1, 2, 3]));
        Assert.Equal((1.5 + 3) / 6, Auroc([1, 2, 3], [2, 4]));
        Assert.Equal(0.5, Auroc([7, 7], [7]));
    }

    [Fact]
    public void A_point_at_the_mode_is_likelier_than_any_sample_and_typicality_sees_it()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(4);
        var density = new StandardNormal(100);
        var (train, test, mode) = (density.LogProb(torch.randn(500, 100)), density.LogProb(torch.randn(200, 100)), density.LogProb(torch.zeros(50, 100)));
        Assert.Equal(0, OutOfDistribution.Auroc(OutOfDistribution.Likelihood(test), OutOfDistribution.Likelihood(mode)));
        Assert.Equal(1, OutOfDistribution.Auroc(OutOfDistribution.Typicality(test, train), OutOfDistribution.Typicality(mode, train)));
        // In groups of ten the scatter of 7.07 nats falls by sqrt 10.
        var groups = OutOfDistribution.Typicality(test, train, group: 10);
        Assert.Equal([20], groups.shape);
        Assert.InRange(groups.mean().ToDouble(), 0.8, 3.2);   // E|N(0, 7.07^2/10)| = 1.78, and the entropy's own error of 0.3
    }

    [Fact]
    public void The_likelihood_ratio_cancels_a_background_that_likelihood_falls_for()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(6);
        // Twenty background numbers, and one that carries meaning: others are quieter in the background and wrong in meaning.
        var own = torch.randn(400, 21);
        var other = torch.cat([torch.randn(400, 20) * 0.5, torch.randn(400, 1) + 4], 1);
        var (full, background) = (new StandardNormal(21), new StandardNormal(20));
        var (pOwn, pOther) = (full.LogProb(own), full.LogProb(other));
        var (bOwn, bOther) = (background.LogProb(own.narrow(1, 0, 20)), background.LogProb(other.narrow(1, 0, 20)));
        Assert.True(OutOfDistribution.Auroc(OutOfDistribution.Likelihood(pOwn), OutOfDistribution.Likelihood(pOther)) < 0.75);
        var ratio = OutOfDistribution.Auroc(OutOfDistribution.LikelihoodRatio(pOwn, bOwn), OutOfDistribution.LikelihoodRatio(pOther, bOther));
        // What is left is x^2 / 2 of N(0, 1) against N(4, 1): P(|a| < |b|), above 0.99.
        Assert.True(ratio > 0.985, $"{ratio}");
    }

    [Fact]
    public void Inpainting_a_linear_flow_gives_the_conditional_mean()
    {
        using var scope = NewDisposeScope();
        // x = L z with L = [[2, 0], [1.2, 0.8]]: the mean of x_2 given x_1 is 1.2 / 2 x_1.
        var covariance = torch.tensor(new[,] { { 4f, 2.4f }, { 2.4f, 2.08f } });
        var flow = new Flow(new Whiten(covariance));
        var filled = Latents.Inpaint(flow, torch.tensor(new[,] { { 3f, 50f }, { -1f, 0f } }), torch.tensor(new[] { 1f, 0f }), steps: 2000, rate: 0.1);
        Assert.Equal([3f, -1f], filled.select(1, 0).data<float>().ToArray());
        Assert.Equal(1.8, filled[0, 1].ToDouble(), 0.01);    // s = 0.02 leaves 1e-4 of slack; the rest is the search's
        Assert.Equal(-0.6, filled[1, 1].ToDouble(), 0.01);
        Assert.Contains("Nothing is known", Assert.Throws<ArgumentException>(() => Latents.Inpaint(flow, torch.zeros(1, 2), torch.zeros(2))).Message);
    }

    [Fact]
    public void Reverse_divergence_finds_the_normalising_constant()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(0);
        var target = new Gaussian(torch.tensor(new[] { 1f, -1f }), torch.tensor(new[,] { { 1f, 0.6f }, { 0.6f, 0.5f } }));
        var flow = Ready.RealNvp2D(4, [16]);
        Trainer.FitReverse(flow, x => target.LogProb(x) + Math.Log(7), new() { Steps = 600, LearningRate = 1e-2, BatchSize = 256 });
        var (drawn, logQ) = flow.SampleWithLogProb(4000);
        var evidence = (target.LogProb(drawn) + Math.Log(7) - logQ).mean().ToDouble();
        Assert.InRange(evidence, Math.Log(7) - 0.05, Math.Log(7) + 0.01);   // a bound from below, tight where q is the target
    }

    [Fact]
    public void Every_image_model_comes_back_from_its_file_as_it_was()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var x = torch.rand(3, 1, 8, 8);
        foreach (var kind in ImageModel.Kinds)
        {
            torch.manual_seed(1);
            var model = new ImageModel(kind, [1, 8, 8], 17, Width: 6, Depth: 1);
            var flow = model.Build();
            flow.LogProb(x);   // data-dependent starts happen in training mode
            flow.eval();
            model.Save(flow, folder.File(kind), new Dictionary<string, string> { ["data"] = "digits" });
            var (loaded, description, metadata) = ImageModel.Load(folder.File(kind));
            Assert.Equal((model.Kind, model.Levels, model.Width, model.Depth), (description.Kind, description.Levels, description.Width, description.Depth));
            Assert.Equal("digits", metadata["data"]);
            Assert.True(loaded.LogProb(x).Equals(flow.LogProb(x)), kind);
            Assert.True(InverseError.Of(loaded.Bijection, x).Largest < 1e-3, kind);
            Assert.Equal([5, 1, 8, 8], loaded.Sample(5).shape);
        }
        Weights.Save(Ready.RealNvp2D(2, [4]), folder.File("other"));
        Assert.Contains("does not say what model", Assert.Throws<InvalidDataException>(() => ImageModel.Load(folder.File("other"))).Message);
        Assert.Contains("realnvp", Assert.Throws<ArgumentException>(() => new ImageModel("diffusion", [1, 8, 8], 17, 6, 1).Build()).Message);
    }

    /// <summary>Density 1/2 on (0, 1/2) and 3/2 on (1/2, 1).</summary>
    private sealed class Histogram() : Distribution(nameof(Histogram), [1])
    {
        protected internal override Tensor LogDensity(Tensor x, Tensor? context) => (x.squeeze(1).ge(0.5).to(x.dtype) + 0.5).log();

        protected internal override Tensor Draw(long n, Tensor? context, Generator? generator) => torch.rand(n, 1);
    }

    /// <summary>The identity, but the inverse of the number 11 is off by a quarter.</summary>
    private sealed class Careless() : Bijection(nameof(Careless), [2])
    {
        protected internal override (Tensor Z, Tensor LogDet) Normalize(Tensor x, Tensor? context) => (x.clone(), ZeroLogDet(x));

        protected internal override (Tensor X, Tensor LogDet) Generate(Tensor z, Tensor? context) => (z + z.eq(11).to(z.dtype) * 0.25, ZeroLogDet(z));
    }

    /// <summary>z = L^-1 x for a covariance L L^T.</summary>
    private sealed class Whiten(Tensor covariance) : Bijection(nameof(Whiten), [2])
    {
        private readonly Tensor factor = torch.linalg.cholesky(covariance);

        protected internal override (Tensor Z, Tensor LogDet) Normalize(Tensor x, Tensor? context) =>
            (torch.linalg.solve_triangular(factor, x.t(), upper: false).t(), ZeroLogDet(x));

        protected internal override (Tensor X, Tensor LogDet) Generate(Tensor z, Tensor? context) => (z.mm(factor.t()), ZeroLogDet(z));
    }
}
