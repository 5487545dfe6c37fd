using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Evaluation;
using RealNvp.Flows.Inference;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Numerics;

public sealed partial class EvaluationTests
{
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
        var (train, test, mode) =
            (density.LogProb(torch.randn(500, 100)), density.LogProb(torch.randn(200, 100)),
            density.LogProb(torch.zeros(50, 100)));
        Assert.Equal(0, OutOfDistribution.Auroc(OutOfDistribution.Likelihood(test), OutOfDistribution.Likelihood(mode)));
        Assert.Equal(1, OutOfDistribution.Auroc(OutOfDistribution.Typicality(test, train),
            OutOfDistribution.Typicality(mode, train)));
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
        var ratio = OutOfDistribution.Auroc(OutOfDistribution.LikelihoodRatio(pOwn, bOwn),
            OutOfDistribution.LikelihoodRatio(pOther, bOther));
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
        var filled = Latents.Inpaint(flow, torch.tensor(new[,] { { 3f, 50f }, { -1f, 0f } }), torch.tensor(new[] { 1f, 0f }),
            steps: 2000, rate: 0.1);
        Assert.Equal([3f, -1f], filled.select(1, 0).data<float>().ToArray());
        Assert.Equal(1.8, filled[0, 1].ToDouble(), 0.01);    // s = 0.02 leaves 1e-4 of slack; the rest is the search's
        Assert.Equal(-0.6, filled[1, 1].ToDouble(), 0.01);
        Assert.Contains("Nothing is known",
            Assert.Throws<ArgumentException>(() => Latents.Inpaint(flow, torch.zeros(1, 2), torch.zeros(2))).Message);
    }

    [Fact]
    public void Reverse_divergence_finds_the_normalising_constant()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(0);
        var target = new Gaussian(torch.tensor(new[] { 1f, -1f }), torch.tensor(new[,] { { 1f, 0.6f }, { 0.6f, 0.5f } }));
        var flow = Architectures.RealNvp2D(4, [16]);
        Trainer.FitReverse(flow, x => target.LogProb(x) + Math.Log(7),
            new() { Steps = 600, LearningRate = 1e-2, BatchSize = 256 });
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
            model.Save(flow, folder[kind], new Dictionary<string, string> { ["data"] = "digits" });
            var (loaded, description, metadata) = ImageModel.Load(folder[kind]);
            Assert.Equal((model.Kind, model.Levels, model.Width, model.Depth),
                (description.Kind, description.Levels, description.Width, description.Depth));
            Assert.Equal("digits", metadata["data"]);
            Assert.True(loaded.LogProb(x).Equals(flow.LogProb(x)), kind);
            Assert.True(InverseError.Of(loaded.Bijection, x).Largest < 1e-3, kind);
            Assert.Equal([5, 1, 8, 8], loaded.Sample(5).shape);
        }
        Weights.Save(Architectures.RealNvp2D(2, [4]), folder["other"]);
        Assert.Contains("does not say what model",
            Assert.Throws<InvalidDataException>(() => ImageModel.Load(folder["other"])).Message);
        Assert.Contains("realnvp",
            Assert.Throws<ArgumentException>(() => new ImageModel("diffusion", [1, 8, 8], 17, 6, 1).Build()).Message);
    }

    /// <summary>Density 1/2 on (0, 1/2) and 3/2 on (1/2, 1).</summary>
    private sealed class Histogram() : Distribution(nameof(Histogram), [1])
    {
        protected internal override Tensor LogDensity(Tensor x, Tensor? context) =>
            (x.squeeze(1).ge(0.5).to(x.dtype) + 0.5).log();

        protected internal override Tensor Draw(long n, Tensor? context, Generator? generator) => torch.rand(n, 1);
    }

    /// <summary>The identity, but the inverse of the number 11 is off by a quarter.</summary>
    private sealed class Careless() : Bijection(nameof(Careless), [2])
    {
        protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) =>
            (x.clone(), ZeroLogDet(x));

        protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) =>
            (z + z.eq(11).to(z.dtype) * 0.25, ZeroLogDet(z));
    }

    /// <summary>z = L^-1 x for a covariance L L^T.</summary>
    private sealed class Whiten(Tensor covariance) : Bijection(nameof(Whiten), [2])
    {
        private readonly Tensor _factor = torch.linalg.cholesky(covariance);

        protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) =>
            (torch.linalg.solve_triangular(_factor, x.t(), upper: false).t(), ZeroLogDet(x));

        protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) =>
            (z.mm(_factor.t()), ZeroLogDet(z));
    }
}
