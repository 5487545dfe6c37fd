using System.Text;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Classroom;

/// <summary>What a cell did: why it failed, or null; its console output; the text of its last expression.</summary>
internal sealed record CellReport(CellFailure? Failure, string Output, string? Result);

/// <summary>A process that runs cells one after the other, past failures, each within a time limit.</summary>
internal sealed class CellSession : IAsyncDisposable
{
    private const int OutputLimit = 20_000;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly CellProcess _process;
    private string? _ended;
    private int _asks;
    private bool _late;

    private CellSession(CellProcess process) => _process = process;

    internal int ProcessId => _process.Id;

    /// <summary>Why the process is gone, or null while it is there.</summary>
    internal string? Ended => Volatile.Read(ref _ended);

    /// <summary>Whether everything that it was asked came to an end by itself, in time: then it can run another notebook.</summary>
    internal bool IsClean => Ended is null && !_late;

    internal static CellSession Start(string folder, IReadOnlyDictionary<string, string?> environment, CellLaunch? launch = null) =>
        new(CellProcess.Start(folder, environment, launch));

    /// <summary>Forgets every cell and begins a notebook in another folder; false where the process would not.</summary>
    internal async Task<bool> ReopenAsync(string folder, CancellationToken cancel)
    {
        await _process.SendAsync(new Reopen(folder)).ConfigureAwait(false);
        return await FollowAsync(message => Task.FromResult(message is HostReady ? message : null), Patience, "the process did not begin another notebook", cancel).ConfigureAwait(false) is HostReady;
    }

    /// <summary>Ends the process for a reason; the first reason stays.</summary>
    internal void End(string reason)
    {
        Interlocked.CompareExchange(ref _ended, reason, null);
        _process.Kill();
    }

    /// <summary>Runs a cell. Where it asks for another notebook's function, <paramref name="asked"/> answers.</summary>
    internal async Task<CellReport> RunAsync(int cell, string code, TimeSpan limit, Func<Ask, Task<Told>>? asked, CancellationToken cancel)
    {
        if (Ended is { } gone) return new CellReport(new CellFailure("Ended", gone, gone, null), "", null);
        var output = new StringBuilder();
        string? result = null;
        await _process.SendAsync(new RunCell(cell, code)).ConfigureAwait(false);
        var done = await FollowAsync(async message =>
        {
            switch (message)
            {
                case StreamWritten stream when output.Length < OutputLimit: output.Append(stream.Text.AsSpan(0, Math.Min(stream.Text.Length, OutputLimit - output.Length))); break;
                case ValueShown { Showing: Showing.Result } shown: result = shown.Data.GetValueOrDefault("text/plain"); break;
                case Ask ask when asked is not null: await _process.SendAsync(await asked(ask).ConfigureAwait(false)).ConfigureAwait(false); break;
                case CellDone end when end.Cell == cell: return end;
            }
            return null;
        }, limit, $"the cell ran longer than its limit of {limit.TotalSeconds:0} s", cancel).ConfigureAwait(false);
        var failure = done is CellDone { Failure: var f } ? f : new CellFailure("Ended", Ended!, Ended!, null);
        return new CellReport(failure, output.ToString(), result);
    }

    /// <summary>Calls a function that the process's cells have defined.</summary>
    internal async Task<Told> AskAsync(Ask ask, TimeSpan limit, CancellationToken cancel)
    {
        if (Ended is null)
        {
            var own = ask with { Id = ++_asks };
            await _process.SendAsync(own).ConfigureAwait(false);
            var told = await FollowAsync(message => Task.FromResult(message is Told t && t.Id == own.Id ? message : null),
                limit, $"{ask.Function} ran longer than its limit of {limit.TotalSeconds:0} s", cancel).ConfigureAwait(false);
            if (told is Told answer) return answer with { Id = ask.Id };
        }
        return new Told(ask.Id, null, [], $"{ask.Function} can not be called: {Ended}");
    }

    /// <summary>Takes messages until one is the end; null where the process is gone before, or was ended since time was up.</summary>
    private async Task<CellMessage?> FollowAsync(Func<CellMessage, Task<CellMessage?>> take, TimeSpan limit, string late, CancellationToken cancel)
    {
        using var timer = new CancellationTokenSource(limit);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancel);
        try
        {
            await foreach (var message in _process.Messages.ReadAllAsync(stop.Token).ConfigureAwait(false))
                if (await take(message).ConfigureAwait(false) is { } end)
                    return end;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            _late = true;
            if (await StoppedAsync().ConfigureAwait(false)) return new CellDone(0, new CellFailure("Timeout", late, late, null));
            End(late);
            return null;
        }
        var how = _process.SaidTooMuch ? "the notebook wrote more than it may" : $"the notebook's process ended by itself: {await _process.DescribeEndAsync().ConfigureAwait(false)}";
        Interlocked.CompareExchange(ref _ended, how, null);
        return null;
    }

    /// <summary>A cell that stops when it is told to leaves its process as it was; the cells after it can still run.</summary>
    private async Task<bool> StoppedAsync()
    {
        await _process.SendAsync(new StopCell()).ConfigureAwait(false);
        using var grace = new CancellationTokenSource(Grace);
        try
        {
            await foreach (var message in _process.Messages.ReadAllAsync(grace.Token).ConfigureAwait(false))
                if (message is CellDone) return true;
        }
        catch (OperationCanceledException)
        {
            // It did not stop.
        }
        return false;
    }

    public async ValueTask DisposeAsync() => await _process.DisposeAsync().ConfigureAwait(false);
}
