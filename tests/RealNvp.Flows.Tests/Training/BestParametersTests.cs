using RealNvp.Flows.Bijections;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Training;

/// <summary>What the best evaluation said is what the model gives afterwards, running averages included.</summary>
public sealed class BestParametersTests
{
    [Theory]
    [InlineData(null, 4L)]
    [InlineData(0.9, 4L)]
    [InlineData(null, null)]
    public void The_best_held_out_loss_is_the_models_afterwards(double? ema, long? patience)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (train, heldOut) = (Toys.Moons(60, seed: 1), Toys.Moons(400, seed: 2));
        var flow = new Flow(new Chain(new BatchNorm([2]), Architectures.RealNvp2D(4, [64]).Bijection, new BatchNorm([2])),
            new StandardNormal(2));
        var modes = new List<bool>();
        var seen = new List<double>();
        var result = Trainer.Fit(flow, train, heldOut, new()
        {
            Steps = 200,
            BatchSize = 20,
            LearningRate = 2e-2,
            Schedule = Schedule.Constant,
            EmaDecay = ema,
            EvaluateEvery = 5,
            Patience = (int?)patience,
            Evaluated = progress =>
            {
                modes.Add(flow.training);
                seen.Add(-Trainer.MeanLogProb(flow, heldOut));
                Assert.Equal(progress.HeldOutLoss!.Value, seen[^1], 1e-6);
            },
        });
        Assert.All(modes, Assert.False);
        Assert.True(result.BestStep < result.Steps, "it took no turn for the worse, so that there was nothing to put back");
        Assert.Equal(seen.Min(), result.BestHeldOutLoss!.Value, 1e-6);
        Assert.Equal(result.BestHeldOutLoss!.Value, -Trainer.MeanLogProb(flow, heldOut), 1e-6);
        Assert.False(flow.training);
    }

    [Fact]
    public void Ends_at_infinity_are_their_own_average()
    {
        // Between two infinities there is no average: a half-line's end would become no number.
        using var scope = NewDisposeScope();
        var x = rand(100, 2).neg().exp();
        var flow = Architectures.Tabular(x, [Support.Positive, Support.Real], layers: 1, width: 4);
        var result = Trainer.Fit(flow, x, x, new() { Steps = 5, EvaluateEvery = 2, EmaDecay = 0.9 });
        Assert.True(double.IsFinite(result.BestHeldOutLoss!.Value));
    }
}
