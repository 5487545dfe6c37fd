using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

/// <summary>Memory over many tensors and many steps. Alone in their collection: other tests would show in the process's memory.</summary>
[Collection("alone")]
public class SoakTests
{
    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1]) * Environment.SystemPageSize;
    }

    // Allocators keep arenas a thread, so the first half warms them; after that nothing may grow. 5 % is the issue of noise in pages.
    private static void StaysFlat(Action half)
    {
        half();
        var before = Resident();
        half();
        var after = Resident();
        Assert.True(after <= before * 1.05, $"resident memory grew from {before >> 20} to {after >> 20} MiB");
    }

    [SkippableFact]
    public void AMillionTensorsOnSeveralThreads()
    {
        Skip.IfNot(File.Exists("/proc/self/statm"), "resident memory is read from /proc");
        StaysFlat(() => Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, thread =>
        {
            for (var k = 0; k < 62_500; k++)
            {
                if (k % 3 == 0) _ = ones(16) + 1;            // left to the collector
                else if (k % 3 == 1) using (NewDisposeScope()) _ = ones(16) * 2;
                else
                {
                    using var a = ones(16);
                    using var b = a.exp();
                }
            }
        }));
    }

    [SkippableFact]
    public void TenThousandTrainingSteps()
    {
        Skip.IfNot(File.Exists("/proc/self/statm"), "resident memory is read from /proc");
        var w = randn(4, 4, requires_grad: true);
        var x = randn(16, 4);
        StaysFlat(() =>
        {
            for (var step = 0; step < 5_000; step++)
            {
                using var scope = NewDisposeScope();
                var loss = (x.matmul(w).tanh() - x).pow(2).mean();
                loss.backward();
                using (no_grad()) w.sub_(w.grad! * 0.01);
                w.grad = null;
            }
        });
        Assert.True(torch.isfinite(w).all().ToBoolean());
    }
}

[CollectionDefinition("alone", DisableParallelization = true)]
public class Alone;
