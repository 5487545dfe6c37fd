using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>Numbers and tensors live until libtorch has read them, whatever other threads do (build/Lifetimes.cs).</summary>
public sealed class LifetimeTests
{
    // With TorchSharp as it comes, one of the first thousands ends the process.
    private const int Calls = 15_000;

    [Fact]
    public void Numbers_beside_tensors_and_tensors_outside_scopes_live_while_another_thread_collects()
    {
        var x = ones(4, float64);
        double Sum(int k) => ((x * 2.0 + k) * x).sum().ToDouble();
        // Optimised code is made of what is called often, a little later, by another thread.
        for (var k = 0; k < 10_000; k++)
            using (NewDisposeScope())
                Sum(k);
        Thread.Sleep(1000);

        using var over = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!over.IsCancellationRequested) GC.Collect(0);
        });
        collector.Start();
        try
        {
            for (var k = 0; k < Calls; k++)
                if (Sum(k) is var sum && sum != 4 * (2.0 + k)) Assert.Equal(4 * (2.0 + k), sum);
        }
        finally
        {
            over.Cancel();
            collector.Join();
        }
    }
}
