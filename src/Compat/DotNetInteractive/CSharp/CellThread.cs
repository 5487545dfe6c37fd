using System.Runtime;

namespace Microsoft.DotNet.Interactive.CSharp;

/// <summary>
/// Runs a cell on a thread of its own that can be stopped in the middle of a loop. What a top-level await continues with comes back
/// to this thread, so that it can be stopped as well.
/// </summary>
internal static class CellThread
{
    private const int StackSize = 16 << 20;

    /// <summary>How long a cell has to end by itself, by its context's token, before it is stopped where it stands.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan WakeEvery = TimeSpan.FromMilliseconds(50);

    internal static Task<object?> RunAsync(Func<Task<object?>> start, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Run(start, done, cancellationToken), StackSize) { IsBackground = true, Name = "cell" }.Start();
        return done.Task;
    }

    /// <summary>
    /// The runtime stops a thread that computes, but not one that waits: that one is woken, again and again, until it is gone.
    /// </summary>
    private static Timer WakeWhileWaiting(Thread thread) => new(_ =>
    {
        if ((thread.ThreadState & ThreadState.WaitSleepJoin) != 0) thread.Interrupt();
    }, null, Timeout.Infinite, Timeout.Infinite);

    private static void Run(Func<Task<object?>> start, TaskCompletionSource<object?> done, CancellationToken cancellationToken)
    {
        var context = new CellSynchronizationContext();
        SynchronizationContext.SetSynchronizationContext(context);
        using var abort = new CancellationTokenSource();
        using var waker = WakeWhileWaiting(Thread.CurrentThread);
        using var registration = cancellationToken.Register(() =>
        {
            abort.CancelAfter(Grace);
            waker.Change(Grace + WakeEvery, WakeEvery);
        });
        Task<object?>? task = null;
        try
        {
#pragma warning disable SYSLIB0046 // The runtime's way to stop code that does not stop by itself; meant for exactly such a host.
            ControlledExecution.Run(() => context.RunUntil(task = start()), abort.Token);
#pragma warning restore SYSLIB0046
        }
        catch (Exception e) when (abort.IsCancellationRequested && e is OperationCanceledException or ThreadInterruptedException)
        {
            done.SetCanceled(cancellationToken);
            return;
        }
        catch (Exception e)
        {
            done.SetException(e);
            return;
        }
        finally
        {
            context.Close();
        }
        if (abort.IsCancellationRequested && task!.IsFaulted && task.Exception.InnerException is ThreadInterruptedException) done.SetCanceled(cancellationToken);
        else if (task!.IsCompletedSuccessfully) done.SetResult(task.Result);
        else if (task.Exception is { InnerException: { } inner }) done.SetException(inner);
        else done.SetException(new TaskCanceledException(task));
    }
}
