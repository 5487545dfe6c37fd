using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Training;

/// <summary>
/// The run that a child process does for <see cref="KilledRunTests"/>: it goes on from its checkpoint and writes its weights at
/// the end.
/// </summary>
internal static class TrainingRun
{
    internal static Flow Model()
    {
        torch.manual_seed(2);
        return Architectures.RealNvp2D(4, [16]);
    }

    internal static Tensor Data() => Toys.Moons(300);

    internal static TrainingOptions Options(string checkpoint) =>
        new()
        {
            Steps = 1500,
            BatchSize = 50,
            CheckpointEvery = 5,
            LogEvery = 100,
            DataNoise = 0.05,
            Checkpoint = checkpoint,
            Resume = true
        };

    internal static int Run(string checkpoint, string result)
    {
        using var scope = NewDisposeScope();
        var model = Model();
        Trainer.Fit(model, Data(), options: Options(checkpoint));
        Weights.Save(model, result);
        return 0;
    }
}
