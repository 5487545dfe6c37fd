namespace Microsoft.DotNet.Interactive.CSharp;

/// <summary>
/// Brings continuations to the cell's thread while that thread waits for some, and to the thread pool otherwise: a cell that
/// blocks on a task does not lock itself out.
/// </summary>
internal sealed class CellSynchronizationContext : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = new();
    private readonly object _gate = new();
    private bool _waiting;
    private bool _closed;

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_gate)
        {
            if (_waiting && !_closed)
            {
                _waiting = false;
                _queue.Enqueue((d, state));
                Monitor.Pulse(_gate);
                return;
            }
        }
        ThreadPool.UnsafeQueueUserWorkItem(_ =>
        {
            SetSynchronizationContext(this);
            try
            {
                d(state);
            }
            finally
            {
                SetSynchronizationContext(null);
            }
        }, null);
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs what is posted until the task is done.</summary>
    internal void RunUntil(Task task)
    {
        task.ContinueWith(_ => Wake(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        while (true)
        {
            (SendOrPostCallback Callback, object? State) next;
            lock (_gate)
            {
                while (_queue.Count == 0)
                {
                    if (task.IsCompleted) return;
                    _waiting = true;
                    Monitor.Wait(_gate);
                }
                _waiting = false;
                next = _queue.Dequeue();
            }
            next.Callback(next.State);
        }
    }

    /// <summary>From here on everything goes to the thread pool; what was queued goes there too.</summary>
    internal void Close()
    {
        (SendOrPostCallback Callback, object? State)[] left;
        lock (_gate)
        {
            _closed = true;
            left = [.. _queue];
            _queue.Clear();
        }
        foreach (var (callback, state) in left) Post(callback, state);
    }

    private void Wake()
    {
        lock (_gate) Monitor.Pulse(_gate);
    }
}
