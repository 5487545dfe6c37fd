using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

/// <summary>Memory over many tensors and many steps. Alone in their collection: other tests would show in the process's memory.</summary>
[Collection("alone")]
public class SoakTests
{
    private static void Collect()
    {
        for (var k = 0; k < 3; k++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
    }

    // What is still held: freed memory that glibc keeps for later is as large as the longest queue of finalisers happened to be.
    private static long Resident()
    {
        Collect();
        if (NativeLibrary.TryLoad("libc.so.6", out var libc) && NativeLibrary.TryGetExport(libc, "malloc_trim", out var trim))
            Marshal.GetDelegateForFunctionPointer<MallocTrim>(trim)(0);
        return ResidentNow();
    }

    private delegate int MallocTrim(nuint keep);

    private static long ResidentNow() => long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1]) * Environment.SystemPageSize;

    private const int RoundsInAHalf = 5;

    // A first round brings allocators and heaps to their size; after that nothing may grow. How much of what was freed glibc still holds
    // back varies from round to round, so each half counts by its median; a leak raises every round after it.
    private static void StaysFlat(Action round)
    {
        round();
        var before = MedianResident(round);
        var after = MedianResident(round);
        Assert.True(after <= before * 1.05, $"resident memory grew from {before >> 20} to {after >> 20} MiB");
    }

    private static long MedianResident(Action round)
    {
        var levels = new List<long>();
        for (var k = 0; k < RoundsInAHalf; k++)
        {
            round();
            levels.Add(Resident());
        }
        return levels.Order().ElementAt(RoundsInAHalf / 2);
    }

    [SkippableFact]
    public void AMillionTensorsOnSeveralThreads()
    {
        Skip.IfNot(File.Exists("/proc/self/statm"), "resident memory is read from /proc");
        const int Count = 4;
        // The same threads do every round: a new thread gets an arena of its own from the C library.
        using var begin = new Barrier(Count + 1);
        using var end = new Barrier(Count + 1);
        var failures = new List<Exception>();
        var threads = Enumerable.Range(0, Count).Select(_ => new Thread(() =>
        {
            for (var round = 0; round < 2 * RoundsInAHalf + 1; round++)
            {
                begin.SignalAndWait();
                try
                {
                    AllocateAndDrop(12_500);   // 100,000 tensors on the four threads
                }
                catch (Exception e)
                {
                    lock (failures) failures.Add(e);
                }
                end.SignalAndWait();
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        StaysFlat(() =>
        {
            begin.SignalAndWait();
            end.SignalAndWait();
        });
        threads.ForEach(t => t.Join());
        Assert.Empty(failures);
    }

    // Two tensors a turn, in the three ways in which one can end.
    private static void AllocateAndDrop(int turns)
    {
        for (var k = 0; k < turns; k++)
        {
            switch (k % 3)
            {
                case 0:
                    _ = ones(16) + 1;
                    break;
                case 1:
                    using (NewDisposeScope()) _ = ones(16) * 2;
                    break;
                default:
                    using (var a = ones(16))
                    using (a.exp())
                    {
                    }
                    break;
            }
        }
    }

    [Fact]
    public void ACollectedTensorGivesItsMemoryBack()
    {
        Collect();
        var before = Tensor.TotalCount;
        Drop();
        for (var k = 0; k < 20 && Tensor.TotalCount > before + 50; k++) Collect();
        Assert.True(Tensor.TotalCount <= before + 50, $"{Tensor.TotalCount - before} of 1000 dropped tensors are still counted");

        static void Drop()
        {
            for (var k = 0; k < 1000; k++) _ = ones(1);
        }
    }

    private sealed class DisposesInItsFinalizer(Tensor tensor)
    {
        ~DisposesInItsFinalizer() => tensor.Dispose();
    }

    // Whoever comes first frees the tensor: its own finaliser, the scope's, or an owner's.
    [Fact]
    public void FinalizersInAnyOrderFreeOnce()
    {
        Collect();
        var before = Tensor.TotalCount;
        var thread = new Thread(() =>
        {
            for (var k = 0; k < 500; k++)
            {
                var outside = ones(2);
                _ = new DisposesInItsFinalizer(outside);
                var scope = NewDisposeScope();          // never disposed; its thread ends
                scope.Attach(outside);
                _ = new DisposesInItsFinalizer(ones(2));
                scope.Detach(ones(2));
            }
        });
        thread.Start();
        thread.Join();
        for (var k = 0; k < 20 && Tensor.TotalCount > before; k++) Collect();
        Assert.Equal(before, Tensor.TotalCount);
        Assert.Equal(2, ones(2).sum().ToDouble());
    }

    [SkippableFact]
    public void LargeTensorsThatAreDroppedAreCollectedInTime()
    {
        Skip.IfNot(File.Exists("/proc/self/statm"), "resident memory is read from /proc");
        var before = Resident();
        var most = 0L;
        for (var k = 0; k < 500; k++)
        {
            _ = ones(1 << 20);   // 4 MiB of which the collector sees none: 2 GiB in all
            most = Math.Max(most, ResidentNow());
        }
        Assert.True(most - before < 1L << 30, $"resident memory rose by {(most - before) >> 20} MiB");
    }

    [SkippableFact]
    public void TenThousandTrainingSteps()
    {
        Skip.IfNot(File.Exists("/proc/self/statm"), "resident memory is read from /proc");
        var w = randn(4, 4, requires_grad: true);
        var x = randn(16, 4);
        StaysFlat(() =>
        {
            for (var step = 0; step < 1_000; step++)
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
