using System.Diagnostics;
using RealNvp.Flows.Training;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Training;

/// <summary>A run in a process of its own, killed without warning at moments that nobody chose, then taken up again.</summary>
public sealed class KilledRunTests
{
    [Fact]
    public void A_run_that_is_killed_again_and_again_ends_as_one_that_was_not()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var (path, result) = (folder["run.safetensors"], folder["result.safetensors"]);
        var random = new Random(1);
        var kills = 0;
        long reached = 0;
        while (!File.Exists(result))
        {
            using var child = Start(path, result);
            if (kills < 4)
            {
                var patience = Stopwatch.StartNew();
                while (StepOf(path) <= reached && !child.HasExited && patience.Elapsed < TimeSpan.FromSeconds(60))
                    Thread.Sleep(2);
                Thread.Sleep(random.Next(60));
                child.Kill();
                child.WaitForExit();
                kills++;
                var now = StepOf(path);   // reads the whole file: it is never a broken one
                Assert.True(now >= reached, $"the checkpoint fell back from step {reached} to {now}");
                reached = now;
                continue;
            }
            Assert.True(child.WaitForExit(120_000), "the child did not end");
            Assert.True(child.ExitCode == 0, child.StandardError.ReadToEnd());
        }
        Assert.True(reached > 0 && reached < TrainingRun.Options(path).Steps, $"killed at step {reached} last");
        var (tensors, _) = Safetensors.Load(result);
        var whole = TrainingRun.Model();
        Trainer.Fit(whole, TrainingRun.Data(), options: TrainingRun.Options(folder["whole.safetensors"]));
        foreach (var (name, tensor) in whole.state_dict()) Assert.True(tensor.Equals(tensors[name]), $"{name} differs");
        Assert.Empty(Directory.GetFiles(folder.Path, "*.tmp"));
    }

    private static long StepOf(string path)
    {
        if (!File.Exists(path)) return 0;
        using var scope = NewDisposeScope();
        return long.Parse(Safetensors.Load(path).Metadata["step"]);
    }

    private static Process Start(string path, string result)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(KilledRunTests).Assembly.Location, "train", path, result])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        return Process.Start(start)!;
    }
}
