using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Training;

public sealed partial class TrainerTests
{
    private static Flow Small(long seed = 3)
    {
        torch.manual_seed(seed);
        return Architectures.RealNvp2D(4, [16]);
    }

    [Fact]
    public void Training_raises_the_likelihood_of_held_out_data()
    {
        using var scope = NewDisposeScope();
        var (train, heldOut) = Splits.TrainHeldOut(Toys.Moons(1500));
        var flow = Small();
        var before = Trainer.MeanLogProb(flow, heldOut);
        var result = Trainer.Fit(flow, train, heldOut, new() { Steps = 300, LearningRate = 5e-3 });
        var after = Trainer.MeanLogProb(flow, heldOut);
        Assert.Equal(TrainingOutcome.Completed, result.Outcome);
        Assert.Equal(-result.BestHeldOutLoss!.Value, after, 5);
        Assert.True(after > before + 0.5, $"{before:f3} to {after:f3} nats");
    }

    [Fact]
    public void The_same_seed_gives_the_same_parameters()
    {
        using var scope = NewDisposeScope();
        var data = Toys.Moons(500);
        var options = new TrainingOptions { Steps = 60, BatchSize = 64, Seed = 5, DataNoise = 0.05 };
        var (a, b) = (Small(), Small());
        Trainer.Fit(a, data, options: options);
        Trainer.Fit(b, data, options: options);
        RequireSame(a, b);
    }

    [Fact]
    public void A_resumed_run_ends_in_the_same_parameters_as_one_that_was_never_stopped()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var (train, heldOut) = Splits.TrainHeldOut(Toys.Moons(500));
        var options = new TrainingOptions
        {
            Steps = 120,
            BatchSize = 64,
            EvaluateEvery = 7,
            LogEvery = 11,
            DataNoise = 0.05,
            CheckpointEvery = 25,
            Checkpoint = folder["a.safetensors"],
        };
        var whole = Small();
        var wholeResult = Trainer.Fit(whole, train, heldOut, options);

        using var stop = new CancellationTokenSource();
        var stopped = options with
        {
            Checkpoint = folder["b.safetensors"],
            Cancellation = stop.Token,
            Progress = p => { if (p.Step >= 55) stop.Cancel(); },
        };
        var first = Trainer.Fit(Small(), train, heldOut, stopped);
        Assert.Equal(TrainingOutcome.Cancelled, first.Outcome);
        Assert.Equal(55, first.Steps);
        torch.manual_seed(12345);   // whatever the process did in between
        var resumed = Small(seed: 77);
        var resumedResult = Trainer.Fit(resumed, train, heldOut,
            stopped with { Cancellation = default, Progress = null, Resume = true });
        RequireSame(whole, resumed);
        Assert.Equal(wholeResult.Log.Entries, resumedResult.Log.Entries);
        Assert.Equal(wholeResult.BestStep, resumedResult.BestStep);
    }

    [Fact]
    public void A_checkpoint_of_another_run_or_model_is_refused()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var data = Toys.Moons(200);
        var options = new TrainingOptions
        {
            Steps = 10,
            BatchSize = 50,
            Checkpoint = folder["c.safetensors"],
            Resume = true
        };
        Trainer.Fit(Small(), data, options: options);
        Assert.Contains("another run",
            Assert.Throws<ArgumentException>(() => Trainer.Fit(Small(), data, options: options with { Seed = 9 })).Message);
        Assert.Contains("another run",
            Assert.Throws<ArgumentException>(() => Trainer.Fit(Small(), Toys.Circles(200), options: options)).Message);
        Assert.Contains("another architecture",
            Assert.Throws<ArgumentException>(() => Trainer.Fit(Architectures.RealNvp2D(4, [8]), data, options: options)).Message);
    }

    [Fact]
    public void A_loss_that_is_no_number_stops_training_with_step_layer_and_checkpoint_named()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var flow = Small();
        var options = new TrainingOptions
        {
            Steps = 100,
            BatchSize = 50,
            LogEvery = 5,
            CheckpointEvery = 5,
            Checkpoint = folder["d.safetensors"],
            Progress = p =>
            {
                if (p.Step != 10) return;
                using var guard = torch.no_grad();
                flow.get_parameter("bijection.layers.2.conditioner.layers.0.bias")!.fill_(float.NaN);
            },
        };
        var error = Assert.Throws<TrainingDivergedException>(() => Trainer.Fit(flow, Toys.Moons(200), options: options));
        Assert.Equal(11, error.Step);
        Assert.Contains("step 11", error.Message);
        Assert.Contains("bijection.layers.2.conditioner.layers.0.bias", error.Layer);
        Assert.Contains(options.Checkpoint, error.Message);
    }
}
