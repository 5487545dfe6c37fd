using TorchSharp;

namespace RealNvp.Chapters.Tests;

// The whole process is measured, so nothing else may run beside these.
[CollectionDefinition("alone", DisableParallelization = true)]
[Collection("alone")]
public sealed class ProcessorTimeTests
{
    [Fact]
    public void Work_is_counted_and_waiting_is_not()
    {
        var working = ProcessorTime.Milliseconds(() =>
        {
            var until = Environment.CpuUsage.TotalTime + TimeSpan.FromMilliseconds(15);
            while (Environment.CpuUsage.TotalTime < until) { }
        });
        Assert.InRange(working, 14, 30);   // 15, and what collector and runner add
        Assert.InRange(ProcessorTime.Milliseconds(() => Thread.Sleep(15)), 0, 5);
    }

    [Fact]
    public void It_leaves_the_threads_as_they_were_though_the_work_fails()
    {
        var threads = torch.get_num_threads();
        Assert.Throws<InvalidOperationException>(() => ProcessorTime.Milliseconds(() => throw new InvalidOperationException()));
        Assert.Equal(threads, torch.get_num_threads());
    }
}
