using TorchSharp;

namespace RealNvp.Chapters;

/// <summary>What work costs the processor. Unlike a clock on the wall, it hardly feels what else the machine is doing.</summary>
public static class ProcessorTime
{
    private const double Enough = 20;   // ms: far above what the system's own counting is off by

    /// <summary>
    /// Processor time of one call of <paramref name="work"/> in ms, that of all threads of this process: the least of three means,
    /// each over as many calls as take some 20 ms, after one call that warms up. Meanwhile libtorch has one thread: several burn time
    /// while they wait for each other.
    /// </summary>
    public static double Milliseconds(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var threads = torch.get_num_threads();
        torch.set_num_threads(1);
        try
        {
            work();
            var calls = 1;
            double Mean()
            {
                var before = Environment.CpuUsage.TotalTime;
                for (var k = 0; k < calls; k++) work();
                return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / calls;
            }
            while (Mean() * calls < Enough && calls < 1 << 20) calls *= 2;
            return Enumerable.Range(0, 3).Min(_ => Mean());
        }
        finally
        {
            torch.set_num_threads(threads);
        }
    }
}
