using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

public sealed class MemoryTests(ITestOutputHelper output)
{
    [Fact]
    public void Ten_thousand_training_steps_leave_memory_flat()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(0);
        var flow = Architectures.RealNvp2D(4, [16]);
        var (train, heldOut) = Splits.TrainHeldOut(Toys.Moons(1000));
        var resident = new List<(long Step, long Bytes, long Tensors)>();
        Trainer.Fit(flow, train, heldOut, new()
        {
            Steps = 12_000,
            BatchSize = 64,
            LogEvery = 1000,
            EvaluateEvery = 100,
            Patience = null,
            Progress = p => resident.Add((p.Step, Resident(), torch.Tensor.TotalCount)),
        });
        foreach (var (step, bytes, tensors) in resident)
            output.WriteLine($"step {step,6}: {bytes / 1048576.0,7:f1} MiB, {tensors} tensors");
        // The first 2,000 steps fill caches (the JIT, libtorch's and the collector's); 10,000 more may not grow what stays by
        // more than 5 %.
        var (first, last) = (resident[1], resident[^1]);
        Assert.True(last.Bytes <= first.Bytes * 1.05,
            $"{first.Bytes / 1048576.0:f1} MiB at step {first.Step}, {last.Bytes / 1048576.0:f1} MiB at step {last.Step}");
    }

    [Fact]
    public void Expectation_maximisation_holds_one_step_at_a_time()
    {
        using var scope = NewDisposeScope();
        var x = Toys.EightGaussians(1000, seed: 1);
        var before = torch.Tensor.TotalCount;
        var (most, done) = (0L, false);
        var watch = new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                most = Math.Max(most, torch.Tensor.TotalCount - before);
                Thread.Sleep(1);
            }
        });
        watch.Start();
        using (GaussianMixture.Fit(x, 8, new() { Restarts = 2, MaxSteps = 400, Tolerance = 0 }))
            Volatile.Write(ref done, true);
        watch.Join();
        // A step makes some thirty tensors; 800 steps that kept one each would be seen.
        output.WriteLine($"{most} tensors at most");
        Assert.InRange(most, 1, 300);
    }

    /// <summary>Resident memory after a full collection, so that garbage that merely waits for one does not count.</summary>
    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
