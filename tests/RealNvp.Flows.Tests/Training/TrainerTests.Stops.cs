using RealNvp.Flows.Bijections;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Training;

public sealed partial class TrainerTests
{
    [Fact]
    public void The_layer_where_values_overflow_is_named()
    {
        using var scope = NewDisposeScope();
        var flow = Small();
        using (torch.no_grad()) flow.get_parameter("bijection.layers.1.conditioner.layers.1.bias")!.fill_(1e38f);
        var error = Assert.Throws<TrainingDivergedException>(() =>
            Trainer.Fit(flow, Toys.Moons(200), options: new() { Steps = 5 }));
        Assert.Contains("first in ", error.Message);
        Assert.NotNull(error.Layer);
    }

    [Fact]
    public void Data_that_cannot_be_trained_on_gets_a_sentence()
    {
        using var scope = NewDisposeScope();
        var flow = Small();
        Assert.Contains("no events", Assert.Throws<ArgumentException>(() => Trainer.Fit(flow, torch.zeros(0, 2))).Message);
        Assert.Contains("[N, 2]", Assert.Throws<ArgumentException>(() => Trainer.Fit(flow, torch.zeros(5, 3))).Message);
        var data = Toys.Moons(20);
        data[7, 1] = float.NaN;
        Assert.Contains("row 7, column 1", Assert.Throws<ArgumentException>(() => Trainer.Fit(flow, data)).Message);
        Assert.Contains("Steps",
            Assert.Throws<ArgumentException>(() => Trainer.Fit(flow, Toys.Moons(20), options: new() { Steps = 0 })).Message);
        Assert.Contains("no parameters",
            Assert.Throws<ArgumentException>(() => Trainer.Fit(new StandardNormal(2), Toys.Moons(20))).Message);
    }

    [Fact]
    public void Settings_that_are_no_numbers_and_data_that_are_none_get_a_sentence()
    {
        using var scope = NewDisposeScope();
        void Says(TrainingOptions options, string part) =>
            Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(() =>
                Trainer.Fit(Small(), Toys.Moons(20), options: options)).Message);
        Says(new() { DataNoise = double.NaN }, "DataNoise");
        Says(new() { WeightDecay = double.NaN }, "WeightDecay");
        Says(new() { LearningRate = double.PositiveInfinity }, "LearningRate");
        Assert.Throws<ArgumentNullException>(() => Trainer.Fit(Small(), null!, options: new() { Levels = 4 }));
    }

    [Fact]
    public void A_held_out_loss_that_is_infinite_is_logged_and_saved_and_read_again()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        Flow Model()
        {
            torch.manual_seed(1);
            return new(new Shift(2), new Uniform(-10, 10, 2));
        }
        // No mass where the held-out data are: a loss of plus infinity, as honest as it is useless.
        var options = new TrainingOptions
        {
            Steps = 10,
            EvaluateEvery = 5,
            LogEvery = 5,
            Checkpoint = folder["run.safetensors"],
            CheckpointEvery = 5,
            Schedule = Schedule.Constant
        };
        var result = Trainer.Fit(Model(), Toys.Moons(50), Toys.Moons(50) + 100, options);
        Assert.All(result.Log.Entries, e => Assert.Equal(double.PositiveInfinity, e.HeldOutLoss));
        var resumed = Trainer.Fit(Model(), Toys.Moons(50), Toys.Moons(50) + 100, options with { Steps = 20, Resume = true });
        Assert.Equal(4, resumed.Log.Entries.Count);
        Assert.Equal(double.PositiveInfinity, resumed.Log.Entries[0].HeldOutLoss);
    }

    [Theory]
    [InlineData(59, "0:59 left")]
    [InlineData(600, "10:00 left")]
    [InlineData(3600 + 62, "1:01:02 left")]
    [InlineData(30 * 3600, "30:00:00 left")]
    public void A_line_of_progress_tells_the_time_left_hours_included(int seconds, string end) =>
        Assert.EndsWith(end, new TrainingProgress(1, 2, 3, null, 4, TimeSpan.FromSeconds(seconds)).ToString());

    [Fact]
    public void Early_stopping_puts_the_best_parameters_back()
    {
        using var scope = NewDisposeScope();
        var (train, heldOut) = Splits.TrainHeldOut(Toys.Moons(60), 0.5);
        torch.manual_seed(1);
        var flow = Architectures.RealNvp2D(6, [64, 64]);
        var result = Trainer.Fit(flow, train, heldOut,
            new() { Steps = 2000, LearningRate = 1e-2, EvaluateEvery = 5, Patience = 10 });
        Assert.Equal(TrainingOutcome.StoppedEarly, result.Outcome);
        Assert.Equal(result.BestStep + 50, result.Steps);
        Assert.Equal(result.BestHeldOutLoss!.Value, -Trainer.MeanLogProb(flow, heldOut), 6);
    }

    [Fact]
    public void Reverse_kl_finds_a_known_density()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(0);
        var target = new Gaussian(torch.tensor(new[] { 1f, -1f }), torch.tensor(new[,] { { 1f, 0.6f }, { 0.6f, 0.5f } }));
        var flow = Architectures.RealNvp2D(4, [16], Activation.Tanh);
        Trainer.Minimize(flow, _ =>
        {
            var (x, logProb) = flow.SampleWithLogProb(256);
            return (logProb - target.LogProb(x)).mean();
        }, new() { Steps = 400, LearningRate = 1e-2 });
        var (drawn, logQ) = flow.SampleWithLogProb(4000);
        var divergence = (logQ - target.LogProb(drawn)).mean().ToDouble();
        // Affine couplings hold every Gaussian exactly, so the divergence (0 at best) falls far below that of the start, which is
        // above 1.
        Assert.InRange(divergence, -0.02, 0.02);
    }

    [Fact]
    public void The_log_is_a_table_and_a_json_list()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var result = Trainer.Fit(Small(), Toys.Moons(100), Toys.Moons(50, seed: 1),
            new() { Steps = 20, LogEvery = 5, EvaluateEvery = 10 });
        result.Log.SaveCsv(folder["log.csv"]);
        result.Log.SaveJson(folder["log.json"]);
        var lines = File.ReadAllLines(folder["log.csv"]);
        Assert.Equal("step,train_loss,held_out_loss,learning_rate,gradient_norm", lines[0]);
        Assert.Equal(["5", "10", "15", "20"], lines.Skip(1).Select(l => l.Split(',')[0]));
        Assert.Equal(4, System.Text.Json.JsonDocument.Parse(File.ReadAllText(folder["log.json"]))
            .RootElement.GetArrayLength());
    }

    internal static void RequireSame(nn.Module a, nn.Module b)
    {
        foreach (var ((name, p), (_, q)) in a.named_parameters().Zip(b.named_parameters()))
            Assert.True(p.Equals(q), $"{name} differs");
    }
}
