using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Training;
using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

public sealed class DequantizedTests(ITestOutputHelper output)
{
    /// <summary>Noise of two numbers: couplings of logit(u) that see the event.</summary>
    private static Flow Noise()
    {
        var first = Partition.Halves(2);
        Coupling Layer(Partition partition) =>
            new(partition, new AffineTransformer(logScaleBound: 2), (i, o) =>
                new Mlp(i, o, [16], Activation.Tanh, contextSize: 2));
        return new Flow(new Chain(new Invert(new Sigmoid()), Layer(first), Layer(first.Swap()), Layer(first)), new Logistic(2));
    }

    [Fact]
    public void The_bound_is_below_the_probability_rises_as_the_noise_learns_and_meets_it_with_many_draws()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(1);
        const int levels = 4;
        var density = new Beta(2, 5, 2).to(torch.float64);
        // P(x) of each pair of levels: the density's integral over its cell, by the midpoint rule.
        const int fine = 400;
        var y = (torch.arange(levels * fine, torch.float64) + 0.5) / (levels * fine);
        var cell = density.LogProb(torch.stack([y, torch.full_like(y, 0.5)], 1)) - density.LogProb(
            torch.full(1, 2, 0.5, torch.float64)) / 2;
        var mass = cell.exp().view(levels, fine).mean([1L]) / levels;
        Assert.Equal(1, mass.sum().ToDouble(), 1e-5);
        var x = torch.cartesian_prod([torch.arange(levels - 1, torch.float64), torch.arange(levels - 1, torch.float64)])
            .repeat(60, 1);
        var exact = mass.log().index_select(0, x.select(1, 0).to(torch.int64)) + mass.log()
            .index_select(0, x.select(1, 1).to(torch.int64));

        var model = new Dequantized(density, levels, Noise()).to(torch.float64);
        Assert.True(model.Dequantize(x).LogNoise.abs().max().ToDouble() < 1e-9, "the noise does not start uniform");
        double Gap(Dequantized m, int draws)
        {
            using var guard = torch.no_grad();
            return Enumerable.Range(0, 20).Average(_ => (exact - m.LowerBound(x, draws)).mean().ToDouble());
        }
        var uniform = Gap(new Dequantized(density, levels), 1);
        Trainer.Minimize(model, _ => model.LowerBound(x).mean().neg(), new() { Steps = 300, LearningRate = 1e-2 });
        var variational = Gap(model, 1);
        var many = Gap(model, 20);
        output.WriteLine($"gap to log P: uniform {uniform:f4}, variational {variational:f4}, with 20 draws {many:f4}");
        Assert.True(variational > 0 && variational < uniform / 3, $"{uniform:f4} to {variational:f4}");
        Assert.InRange(many, -0.002, variational);
    }

    [Fact]
    public void An_image_model_and_its_noise_train_together()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(2);
        var model = new Dequantized(Architectures.RealNvpImages([1, 4, 4], scales: 1, width: 4, blocks: 1, batchNorm: false), 8,
            Architectures.DequantizationNoise([1, 4, 4], 2, 4, 1));
        var x = torch.randint(0, 8, [16, 1, 4, 4], dtype: torch.float32);
        model.LowerBound(x, draws: 2).mean().neg().backward();
        foreach (var (name, p) in model.named_parameters())
            Assert.True(p.grad is not null && p.grad!.isfinite().all().ToBoolean(), name);
        Assert.Contains(model.named_parameters(), p =>
            p.name.StartsWith("noise", StringComparison.Ordinal) && p.parameter.grad!.abs().max().ToDouble() > 0);
        var bits = model.BitsPerDim(x).mean().ToDouble();
        Assert.Equal(-model.LowerBound(x).mean().ToDouble() / (16 * Math.Log(2)), bits, 0.3);   // two draws of the noise
        var samples = model.Sample(5);
        Assert.True((samples.ge(0) & samples.le(7) & samples.eq(samples.floor())).all().ToBoolean());
        Assert.Contains("variational", model.ToString());
    }

    [Fact]
    public void Wrong_data_and_wrong_noise_get_a_sentence()
    {
        using var scope = NewDisposeScope();
        var model = new Dequantized(new Uniform(0, 1, 2), 4);
        Assert.Contains("0 to 3", Assert.Throws<ArgumentException>(() => model.LowerBound(torch.full(1, 2, 4.0))).Message);
        Assert.Contains("not all whole", Assert.Throws<ArgumentException>(() => model.LowerBound(torch.full(1, 2, 0.5))).Message);
        Assert.Contains("[N, 2]", Assert.Throws<ArgumentException>(() => model.LowerBound(torch.zeros(1, 3))).Message);
        Assert.Contains("context of 2 features",
            Assert.Throws<ArgumentException>(() => new Dequantized(new Uniform(0, 1, 2), 4, Architectures.RealNvp(2, 2, [4])))
                .Message);
    }
}
