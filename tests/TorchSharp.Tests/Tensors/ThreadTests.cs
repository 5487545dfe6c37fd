using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public class ThreadTests
{
    private static void OnAThread(Action body)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                body();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null) throw new AggregateException(failure);
    }

    [Fact]
    public void AScopeOwnsWhatItsThreadMakes()
    {
        using var scope = NewDisposeScope();
        Tensor? elsewhere = null;
        OnAThread(() =>
        {
            Assert.Null(CurrentDisposeScope);
            elsewhere = ones(2);
        });
        Assert.False(scope.Contains(elsewhere!));
        elsewhere!.Dispose();
    }

    [Fact]
    public void TensorsOfAScopeMayBeDisposedOnAnotherThread()
    {
        var made = new System.Collections.Concurrent.BlockingCollection<Tensor>();
        var disposer = new Thread(() =>
        {
            foreach (var t in made.GetConsumingEnumerable()) t.Dispose();
        });
        disposer.Start();
        var kept = new List<Tensor>();
        using (NewDisposeScope())
        {
            for (var k = 0; k < 5_000; k++)
            {
                made.Add(ones(2));
                kept.Add(ones(2));
                if (k % 2 == 0) kept[^1].Dispose();
            }
            made.CompleteAdding();
        }
        disposer.Join();
        Assert.All(kept, t => Assert.True(t.IsInvalid));
    }

    [Fact]
    public void GraphsOfSeveralThreadsGiveTheGradientsOfOne()
    {
        var x = arange(8, float64);
        var expected = 2 * x * (x * x).cos();
        Parallel.For(0, 8, _ =>
        {
            using var scope = NewDisposeScope();
            for (var k = 0; k < 50; k++)
            {
                var leaf = x.clone().requires_grad_();
                (leaf * leaf).sin().sum().backward();
                Assert.True(leaf.grad!.allclose(expected));
            }
        });
    }

    [Fact]
    public void FailuresOnSeveralThreadsKeepTheirOwnWords() => Parallel.For(1, 9, n =>
    {
        for (var k = 0; k < 50; k++)
        {
            var e = Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => ones(2, n + 2).matmul(ones(2, n + 2)));
            Assert.Contains($"(2x{n + 2} and 2x{n + 2})", e.Message);
        }
    });

    [Fact]
    public void StatisticsCountTheThreadsTensors() => OnAThread(() =>
    {
        var statistics = DisposeScopeManager.Statistics;
        using (NewDisposeScope())
        {
            _ = ones(2);
            ones(2).DetachFromDisposeScope().Dispose();
        }
        ones(2).Dispose();
        Assert.Equal(2, statistics.CreatedInScopeCount);
        Assert.Equal(1, statistics.CreatedOutsideScopeCount);
        Assert.Equal(1, statistics.DetachedFromScopeCount);
        Assert.Equal(1, statistics.DisposedInScopeCount);
        Assert.Equal(2, statistics.DisposedOutsideScopeCount);
        Assert.Equal(0, statistics.ThreadTotalLiveCount);
    });
}
