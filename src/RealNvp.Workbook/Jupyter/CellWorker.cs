using System.Collections.Concurrent;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Jupyter;

/// <summary>
/// The process that runs a session's cells. Whatever ends it, the kernel stays: the cell that ran fails with what happened, and
/// the next one finds a process that has just begun.
/// </summary>
internal sealed class CellWorker : IAsyncDisposable
{
    private const string Afterwards = "All variables are gone; the next cell begins in a fresh process.";

    /// <summary>
    /// How long a cell that was interrupted may take to stop before its process is ended: native code is waited for.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly Action<CellMessage> _tell;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<CellMessage?>> _questions = new();
    private readonly Lock _gate = new();
    private CellProcess? _process;
    private TaskCompletionSource _ready = new();
    private Task _reading = Task.CompletedTask;
    private Run? _run;
    private int _questionCount;
    private bool _ended;

    /// <param name="tell">Told what cells print, show and ask, in order.</param>
    internal CellWorker(Action<CellMessage> tell)
    {
        _tell = tell;
        Process();
    }

    /// <summary>Runs a cell to its end; why it failed, or null.</summary>
    internal async Task<CellFailure?> RunAsync(RunCell cell)
    {
        Run run;
        CellProcess process;
        lock (_gate)
        {
            process = Process();
            _run = run = new Run(cell);
        }
        await process.SendAsync(cell).ConfigureAwait(false);
        return await run.Done.Task.ConfigureAwait(false);
    }

    /// <summary>Stops the cell that runs, if one does; where it does not stop, its process is ended.</summary>
    internal async Task InterruptAsync()
    {
        Run run;
        CellProcess process;
        Task ready;
        lock (_gate)
        {
            if (_run is null || _process is null) return;
            (run, process, ready) = (_run, _process, _ready.Task);
        }
        run.WasInterrupted = true;
        await process.SendAsync(new StopCell()).ConfigureAwait(false);
        await Task.WhenAny(run.Done.Task, ready).ConfigureAwait(false);
        if (await Task.WhenAny(run.Done.Task, Task.Delay(Grace)).ConfigureAwait(false) == run.Done.Task) return;
        process.Kill();
    }

    /// <summary>Asks something beside the cells; null where the process ends before it answers.</summary>
    internal async Task<T?> AskAsync<T>(Func<int, CellMessage> question) where T : CellMessage
    {
        var id = Interlocked.Increment(ref _questionCount);
        var answer = _questions[id] = new TaskCompletionSource<CellMessage?>(TaskCreationOptions.RunContinuationsAsynchronously);
        CellProcess process;
        lock (_gate) process = Process();
        await process.SendAsync(question(id)).ConfigureAwait(false);
        return await answer.Task.ConfigureAwait(false) as T;
    }

    internal void Give(InputGiven input)
    {
        lock (_gate) _ = _process?.SendAsync(input);
    }

    public async ValueTask DisposeAsync()
    {
        CellProcess? process;
        Task reading;
        lock (_gate) (_ended, process, reading) = (true, _process, _reading);
        process?.Kill();
        await reading.ConfigureAwait(false);
    }

    /// <summary>The process, or a new one.</summary>
    private CellProcess Process()
    {
        lock (_gate)
        {
            if (_process is { } running) return running;
            var process = _process = CellProcess.Start(Environment.CurrentDirectory,
                new Dictionary<string, string?> { [SelfProcess.Profiling] = null },   // training gains by it
                new CellLaunch { Arguments = [CellHost.Reader] });
            _ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _reading = ReadAsync(process, _ready);
            return process;
        }
    }

    private async Task ReadAsync(CellProcess process, TaskCompletionSource ready)
    {
        await foreach (var message in process.Messages.ReadAllAsync().ConfigureAwait(false))
        {
            switch (message)
            {
                case HostReady: ready.TrySetResult(); break;
                case CellBegan: Began(); break;
                case CellDone done: Finish(done.Failure); break;
                case Completions completions: Answer(completions.Id, completions); break;
                case Description description: Answer(description.Id, description); break;
                default: _tell(message); break;
            }
        }
        var how = await process.DescribeEndAsync().ConfigureAwait(false);
        await process.DisposeAsync().ConfigureAwait(false);
        Run? run;
        CellProcess? next = null;
        lock (_gate)
        {
            (_process, run) = (null, _run);
            // One that ended before it could run anything would only do so again: the next cell tries.
            if (ready.Task.IsCompleted && !_ended) next = Process();
        }
        foreach (var id in _questions.Keys) Answer(id, null);
        if (run is { HasBegun: true } || (run is not null && next is null))
        {
            Finish(Crash(run, how));
            return;
        }
        if (!_ended) _tell(new StreamWritten(0, "stderr", $"The process that runs the cells ended: {how}\n{Afterwards}\n"));
        // The process had ended before the cell came to it.
        if (run is not null) await next!.SendAsync(run.Cell).ConfigureAwait(false);
    }

    private void Began()
    {
        lock (_gate)
            if (_run is not null)
                _run.HasBegun = true;
    }

    private static CellFailure Crash(Run run, string how)
    {
        // Not every code can be stopped: some goes on and is killed, and some brings the runtime down where it is stopped.
        var (kind, text) = run.WasInterrupted
            ? ("Interrupted", $"{CellSource.NameOf(run.Cell.Cell)} was interrupted, and could not be stopped without its process.")
            : ("Crash", $"The process that runs the cells ended in {CellSource.NameOf(run.Cell.Cell)}: {how}");
        return new CellFailure(kind, text.Split('\n')[0], $"{text}\n{Afterwards}", null);
    }

    private void Finish(CellFailure? failure)
    {
        Run? run;
        lock (_gate) (run, _run) = (_run, null);
        run?.Done.TrySetResult(failure);
    }

    private void Answer(int id, CellMessage? answer)
    {
        if (_questions.TryRemove(id, out var question)) question.TrySetResult(answer);
    }

    private sealed class Run(RunCell cell)
    {
        internal RunCell Cell => cell;

        /// <summary>Whether the process said that it has the cell.</summary>
        internal bool HasBegun { get; set; }

        internal TaskCompletionSource<CellFailure?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal bool WasInterrupted { get; set; }
    }
}
