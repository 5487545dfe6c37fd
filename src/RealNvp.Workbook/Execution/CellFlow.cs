using System.Runtime;
using System.Runtime.CompilerServices;

namespace RealNvp.Workbook.Execution;

/// <summary>
/// Where a cell's code runs: each step between two awaits on a thread on which it can be stopped wherever it is. What the kernel
/// does before the cell's first step and after its last is none of the cell's, and is never stopped.
/// </summary>
internal sealed class CellFlow : SynchronizationContext, IDisposable
{
    private static int _count;

    private readonly string _key = $"cell flow {Interlocked.Increment(ref _count)}";
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _interrupted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<Thread> _running = [];

    internal CellFlow() => AppContext.SetData(_key, (Func<YieldAwaitable>)Enter);

    /// <summary>Done as soon as the cell is told to stop.</summary>
    internal Task Interrupted => _interrupted.Task;

    /// <summary>
    /// Done as soon as nothing of a cell that was told to stop runs any more: code in a native library comes back from there
    /// first.
    /// </summary>
    internal Task Stopped => _stopped.Task;

    /// <summary>The statement with which code enters a flow: everything after it is the flow's.</summary>
    internal string Entry =>
        "await global::System.Runtime.CompilerServices.Unsafe.As<global::System.Func<global::System.Runtime.CompilerServices.YieldAwaitable>>"
        + $"(global::System.AppContext.GetData(\"{_key}\"))();";

    public void Dispose()
    {
        AppContext.SetData(_key, null);
        _stop.Dispose();
    }

    /// <summary>Stops what runs, and keeps what waits from going on.</summary>
    internal void Interrupt()
    {
        lock (_gate)
        {
            if (!_interrupted.TrySetResult()) return;
            if (_running.Count == 0) _stopped.TrySetResult();
        }
        new Thread(_stop.Cancel) { IsBackground = true, Name = "stops a cell" }.Start();   // and waits until it has stopped
        new Thread(WakeUp) { IsBackground = true, Name = "wakes a cell" }.Start();
    }

    /// <summary>Code that sleeps or waits for a lock cannot stop before it is awake.</summary>
    private void WakeUp()
    {
        while (!Stopped.Wait(TimeSpan.FromMilliseconds(20)))
        {
            lock (_gate)
                foreach (var thread in _running.Where(thread => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin)))
                    thread.Interrupt();
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        var context = ExecutionContext.Capture();
        CellThread.Run(() =>
        {
            if (context is null) Run(d, state);
            else ExecutionContext.Run(context, _ => Run(d, state), null);
            return !Interrupted.IsCompleted;
        });
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Called by the cell's first step: the thread has its own context again as soon as that step waits.</summary>
    private YieldAwaitable Enter()
    {
        SetSynchronizationContext(this);
        return Task.Yield();
    }

    private void Run(SendOrPostCallback step, object? state)
    {
        lock (_gate)
        {
            if (Interrupted.IsCompleted) return;
            _running.Add(Thread.CurrentThread);
        }
        try
        {
#pragma warning disable SYSLIB0046   // it stops code anywhere, which may leave that code's own data half made: so it is for cells, and for nothing of ours
            ControlledExecution.Run(() =>
            {
                SetSynchronizationContext(this);
                step(state);
            }, _stop.Token);
#pragma warning restore SYSLIB0046
        }
        catch (Exception e) when (_stop.IsCancellationRequested && e is OperationCanceledException or ThreadInterruptedException)
        {
            // It was stopped, and what waits for its end has been told.
        }
        catch (Exception e)
        {
            // Nobody waits for an async void function; its exception would end the process.
            Console.Error.WriteLine(FailureText.TextOf(e));
        }
        finally
        {
            Leave();
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            _running.Remove(Thread.CurrentThread);
            if (_running.Count == 0 && Interrupted.IsCompleted) _stopped.TrySetResult();
        }
    }
}
