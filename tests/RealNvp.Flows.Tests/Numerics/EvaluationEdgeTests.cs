using RealNvp.Flows.Bijections;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Evaluation;
using RealNvp.Flows.Inference;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Numerics;

/// <summary>Evaluation of conditional models, and of what is empty, repeated, missing or misshapen.</summary>
public sealed class EvaluationEdgeTests
{
    /// <summary>A flow whose base's mean is the context: log p(x | c) = log N(x; c, 1).</summary>
    private sealed class Moved : Distribution
    {
        internal Moved(params long[] shape) : base(nameof(Moved), shape, shape.Aggregate(1L, (a, b) => a * b)) =>
            RegisterComponents();

        protected internal override Tensor LogDensity(Tensor x, Tensor? context) =>
            ((x.flatten(1) - context!).square() * -0.5 - 0.5 * Math.Log(2 * Math.PI)).sum(1L);

        protected internal override Tensor Draw(long n, Tensor? context, Generator? generator) =>
            torch.randn([n, .. EventShape], generator: generator) + context!.reshape([n, .. EventShape]);
    }

    [Fact]
    public void Bits_and_scores_of_a_conditional_model_are_those_of_each_event_under_its_own_context()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(1);
        var x = torch.randint(0, 4, [7, 2]);
        var context = torch.rand(7, 2);
        var model = new Moved(2);
        var (average, _) = BitsPerDimension.Of(model, x, levels: 4, draws: 3, batchSize: 3, context: context);
        var logs = OutOfDistribution.LogProb(model, x, levels: 4, batchSize: 3, context: context);
        var expected = 0.0;
        using var noise = new Generator();
        noise.manual_seed(0);
        // The same noise, drawn batch by batch and in each batch draw by draw.
        for (var at = 0; at < 7; at += 3)
        {
            var count = Math.Min(3, 7 - at);
            for (var k = 0; k < 3; k++)
                expected += model.LogProb((x.narrow(0, at, count) + torch.rand([count, 2], generator: noise)) / 4,
                    context.narrow(0, at, count)).sum().ToDouble();
        }
        Assert.Equal(2 - expected / (21 * 2 * Math.Log(2)), average.Mean, 1e-5);
        noise.manual_seed(0);
        var first = model.LogProb((x.narrow(0, 0, 3) + torch.rand([3, 2], generator: noise)) / 4, context.narrow(0, 0, 3));
        Assert.True(logs.narrow(0, 0, 3).allclose(first.to(torch.float64), 1e-5, 1e-5));
        Assert.Contains("[7, 2]",
            Assert.Throws<ArgumentException>(() => BitsPerDimension.Of(model, x, 4, context: context.narrow(0, 0, 3))).Message);
    }

    [Fact]
    public void Levels_of_highest_density_under_a_context_are_uniform_where_the_context_is_right_and_high_where_it_is_not()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(2);
        var model = new Moved(2);
        var context = torch.randn(400, 2) * 5;
        var x = model.Sample(400, context);
        Assert.True(Calibration.AgainstUniform(Calibration.HighestDensityLevel(model, x, 256, context: context)).PValue > 0.001);
        Assert.True(Calibration.HighestDensityLevel(model, x, 256, context: context.flip(0)).mean().ToDouble() > 0.8);
    }

    [Fact]
    public void Latents_of_a_conditional_flow_are_walked_sampled_and_filled_in_under_its_context()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(3);
        var flow = Architectures.RealNvp(2, 4, [8], contextSize: 3).to(torch.float64);
        using (torch.no_grad()) foreach (var p in flow.parameters()) p.add_(torch.randn_like(p) * 0.3);
        var context = torch.randn([5, 3], torch.float64);
        var (a, b) = (torch.randn([2], torch.float64), torch.randn([2], torch.float64));
        var path = Latents.Interpolate(flow, a, b, 4, context.narrow(0, 0, 1));
        Assert.True(path[0].allclose(a, 1e-9, 1e-9));
        Assert.True(path[3].allclose(b, 1e-9, 1e-9));
        Assert.True(Latents.SampleAt(flow, 5, 0, context: context)
            .allclose(flow.Bijection.Inverse(torch.zeros([5, 2], torch.float64), context).X, 1e-12, 1e-12));
        var x = flow.Sample(5, context);
        var filled = Latents.Inpaint(flow, x, torch.tensor(new[] { 1.0, 0 }), steps: 200, context: context);
        Assert.True(filled.select(1, 0).allclose(x.select(1, 0), 0, 0));
        // The likeliest second number given the first is at least as likely as the one that was drawn (0.02: what the search
        // leaves).
        Assert.True((flow.LogProb(filled, context) - flow.LogProb(x, context)).min().ToDouble() > -0.02);
    }

    [Fact]
    public void A_dequantised_model_may_be_conditional()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(4);
        var model = new Dequantized(new Moved(2), 4, null);
        var (x, context) = (torch.randint(0, 4, [6, 2]).to(torch.float32), torch.rand(6, 2));
        torch.manual_seed(5);
        var bound = model.LowerBound(x, context: context);
        torch.manual_seed(5);
        var (y, _) = model.Dequantize(x);
        Assert.True(bound.allclose(model.Density.LogProb(y, context) - 2 * Math.Log(4), 1e-5, 1e-5));
        Assert.Equal([6], model.BitsPerDim(x, 2, context).shape);
        Assert.Equal([6, 2], model.Sample(6, context: context).shape);
    }

    [Fact]
    public void What_is_missing_of_an_event_may_be_marked_as_no_number_and_what_is_known_may_not()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(6);
        var flow = Architectures.RealNvp2D(2, [4]);
        var known = torch.tensor(new[] { 1f, 0 });
        var filled = Latents.Inpaint(flow, torch.tensor(new[,] { { 0.5f, float.NaN } }), known, steps: 100);
        Assert.True(filled.isfinite().all().ToBoolean());
        Assert.Equal(0.5, filled[0, 0].ToDouble());
        Assert.Contains("row 0, column 0",
            Assert.Throws<ArgumentException>(() => Latents.Inpaint(flow, torch.tensor(new[,] { { float.NaN, 1 } }), known))
                .Message);
        Assert.Contains("[3]", Assert.Throws<ArgumentException>(() => Latents.Inpaint(flow, torch.zeros(2, 2), torch.zeros(3)))
            .Message);
        Assert.Equal([0, 2], Latents.Inpaint(flow, torch.zeros(0, 2), known, steps: 2).shape);
    }

    [Fact]
    public void Nothing_and_what_does_not_fit_get_a_sentence()
    {
        using var scope = NewDisposeScope();
        var normal = new StandardNormal(2);
        Says(() => OutOfDistribution.LogProb(normal, torch.zeros([0, 2], torch.uint8), 4), "at least one");
        Says(() => OutOfDistribution.LikelihoodRatio(torch.zeros(4), torch.zeros(5)), "[4]", "[5]");
        Says(() => OutOfDistribution.Typicality(torch.zeros(4), torch.zeros(0)), "training");
        Says(() => OutOfDistribution.Auroc(torch.tensor(new[] { float.NaN, 1 }), torch.tensor(new[] { 2f })), "NaN");
        Says(() => TwoSample.KolmogorovSmirnov(torch.zeros(0), u => u), "at least one", "[0]");
        Says(() => InverseError.Of(new Shift(2), torch.zeros(3, 2), batchSize: 0), "batchSize");
        Says(() => LogLikelihood.Of(normal, torch.zeros(3, 2), batchSize: 0), "batchSize");
        Says(() => OutOfDistribution.LogProb(normal, torch.zeros(3, 2), 4, batchSize: 0), "batchSize");
        Says(() => Trainer.MeanLogProb(normal, torch.zeros(3, 2), batchSize: 0), "batchSize");
        Says(() => new Chain(new Tanh(), null!), "layer 1");
        Says(() => Architectures.Glow([1, 4, 4], steps: 0), "at least one step");
        Says(() => Architectures.NiceImages([1, 4, 4], layers: 0), "at least one layer");
        Assert.Equal(0, TwoSample.Mmd(torch.ones(5, 2), torch.ones(4, 2)), 1e-12);   // one point over and over: no difference
    }

    [Fact]
    public void Numbers_that_are_scaled_already_are_not_taken_for_levels()
    {
        using var scope = NewDisposeScope();
        Says(() => Dequantize.Uniform(torch.rand(3, 3)), "whole numbers from 0 to 255");
        Says(() => Dequantize.Uniform(torch.tensor(new[] { float.NaN })), "NaN at row 0");
        Assert.Equal([0, 3], Dequantize.Uniform(torch.zeros([0, 3], torch.uint8)).shape);
    }

    private static void Says(Action action, params string[] parts)
    {
        var message = Assert.ThrowsAny<ArgumentException>(action).Message;
        foreach (var part in parts) Assert.Contains(part, message);
    }
}
