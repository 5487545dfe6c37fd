using System.Collections.Concurrent;

namespace RealNvp.Workbook.Execution;

/// <summary>
/// A thread for steps of cells. The runtime can stop what a thread does only once: a thread that was stopped is not used again.
/// </summary>
internal sealed class CellThread
{
    private static readonly ConcurrentStack<CellThread> Idle = new();

    private readonly SemaphoreSlim _given = new(0);
    private Func<bool> _step = () => true;

    private CellThread() => new Thread(RunSteps) { IsBackground = true, Name = "runs cells" }.Start();

    /// <summary>Runs a step that says whether its thread can be used again.</summary>
    internal static void Run(Func<bool> step)
    {
        if (!Idle.TryPop(out var thread)) thread = new CellThread();
        thread._step = step;
        thread._given.Release();
    }

    private void RunSteps()
    {
        do _given.Wait();
        while (_step() && Rest());
    }

    private bool Rest()
    {
        Idle.Push(this);
        return true;
    }
}
