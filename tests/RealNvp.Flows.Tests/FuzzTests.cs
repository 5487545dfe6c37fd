using RealNvp.Flows.Data;
using RealNvp.Flows.Models;
using RealNvp.Flows.Tests.Training;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>Damaged files in short; docs/trust.md says how to run it for long.</summary>
public sealed class FuzzTests
{
    [Fact]
    public void Damaged_weights()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var model = new ImageModel("nice", [1, 4, 4], 17, 3, 2);
        using (var flow = model.Build()) model.Save(flow, folder["m"]);
        var sound = File.ReadAllBytes(folder["m"]);
        Fuzz.Run("m.safetensors", 1500, mutator => SafetensorsFile.Damaged(sound, mutator), path =>
        {
            using var inner = NewDisposeScope();
            Safetensors.Load(path);
            ImageModel.Load(path).Flow.Dispose();
        }, error => error is InvalidDataException);
    }

    [Fact]
    public void Damaged_checkpoints()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        torch.manual_seed(0);
        var data = Toys.Moons(20);
        var options = new TrainingOptions
        { Steps = 2, BatchSize = 8, DataNoise = 0.1, EvaluateEvery = 1, Checkpoint = folder["run"] };
        Trainer.Fit(Architectures.RealNvp2D(1, [2]), data, data, options);
        var sound = File.ReadAllBytes(options.Checkpoint!);
        using var model = Architectures.RealNvp2D(1, [2]);
        // The run is at its end already: a checkpoint is taken up, and nothing is written.
        Fuzz.Run("run.safetensors", 1500, mutator => SafetensorsFile.Damaged(sound, mutator),
            path => Trainer.Fit(model, data, data, options with { Checkpoint = path, Resume = true, Steps = 1 }),
            error => error is InvalidDataException or ArgumentException);
    }
}
