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

    /// <summary>
    /// Whether everything that it was asked came to an end by itself, in time: then it can run another notebook.
    /// </summary>
    internal bool IsClean => Ended is null && !_late;

    internal static CellSession Start(string folder, IReadOnlyDictionary<string, string?> environment,
        CellLaunch? launch = null) =>
        new(CellProcess.Start(folder, environment, launch));

    /// <summary>Forgets every cell and begins a notebook in another folder; false where the process would not.</summary>
    internal async Task<bool> ReopenAsync(string folder, CancellationToken cancel)
    {
        const string Late = "the process did not begin another notebook";
        return await SendAsync(new Reopen(folder), Patience, Late, cancel).ConfigureAwait(false)
            && await FollowAsync(message => Task.FromResult(message is HostReady ? message : null), Patience, Late, cancel)
                .ConfigureAwait(false) is HostReady;
    }

    /// <summary>Ends the process for a reason; the first reason stays.</summary>
    internal void End(string reason)
    {
        Interlocked.CompareExchange(ref _ended, reason, null);
        _process.Kill();
    }

    /// <summary>Runs a cell. Where it asks for another notebook's function, <paramref name="asked"/> answers.</summary>
    internal async Task<CellReport> RunAsync(int cell, string code, TimeSpan limit,
        Func<FunctionCall, Task<FunctionResult>>? asked, CancellationToken cancel)
    {
        if (Ended is { } gone) return new CellReport(new CellFailure("Ended", gone, gone, null), "", null);
        var output = new StringBuilder();
        string? result = null;
        if (!await SendAsync(new RunCell(cell, code), limit, Late(limit), cancel).ConfigureAwait(false))
            return new CellReport(new CellFailure("Ended", Ended!, Ended!, null), "", null);
        var done = await FollowAsync(async message =>
        {
            switch (message)
            {
                case StreamWritten stream when output.Length < OutputLimit:
                    output.Append(stream.Text.AsSpan(0, Math.Min(stream.Text.Length, OutputLimit - output.Length)));
                    break;
                case ValueShown { Showing: Showing.Result } shown:
                    result = shown.Data.GetValueOrDefault("text/plain") is { Length: > OutputLimit } long_ ? long_[..OutputLimit]
                        : shown.Data.GetValueOrDefault("text/plain");
                    break;
                case ExtensionMessage when asked is not null && FunctionCall.Of(message) is { } call:
                    await SendAsync((await asked(call).ConfigureAwait(false)).ToMessage(), Patience, "it took no answer", cancel)
                        .ConfigureAwait(false);
                    break;
                case CellDone end when end.Cell == cell: return end;
            }
            return null;
        }, limit, Late(limit), cancel).ConfigureAwait(false);
        var failure = done is CellDone { Failure: var f } ? f : new CellFailure("Ended", Ended!, Ended!, null);
        return new CellReport(failure, output.ToString(), result);
    }

    /// <summary>Calls a function that the process's cells have defined.</summary>
    internal async Task<FunctionResult> AskAsync(FunctionCall ask, TimeSpan limit, CancellationToken cancel)
    {
        if (Ended is null)
        {
            var own = ask with { Id = ++_asks };
            var late = $"{ask.Function} ran longer than its limit of {limit.TotalSeconds:0} s";
            FunctionResult? answer = null;
            if (await SendAsync(own.ToMessage(), limit, late, cancel).ConfigureAwait(false))
                await FollowAsync(message => Task.FromResult(
                    FunctionResult.Of(message) is { } told && told.Id == own.Id && (answer = told) is not null ? message : null),
                    limit, late, cancel).ConfigureAwait(false);
            if (answer is not null) return answer with { Id = ask.Id };
        }
        return new FunctionResult(ask.Id, null, [], $"{ask.Function} can not be called: {Ended}");
    }

    private static string Late(TimeSpan limit) => $"the cell ran longer than its limit of {limit.TotalSeconds:0} s";

    /// <summary>Sends within a time: a process that does not read what it is sent would be waited for without end.</summary>
    private async Task<bool> SendAsync(CellMessage message, TimeSpan limit, string late, CancellationToken cancel)
    {
        try
        {
            await Task.Run(() => _process.SendAsync(message), cancel).WaitAsync(limit, cancel).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            _late = true;
            End(late);
            return false;
        }
    }

    /// <summary>
    /// Takes messages until one is the end; null where the process is gone before, or was ended since time was up.
    /// </summary>
    private async Task<CellMessage?> FollowAsync(Func<CellMessage, Task<CellMessage?>> take, TimeSpan limit, string late,
        CancellationToken cancel)
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
        var how = _process.SaidTooMuch ? "the notebook wrote more than it may"
            : _process.Broken is { } broken ? $"the notebook's process was ended: {broken}"
            : $"the notebook's process ended by itself: {await _process.DescribeEndAsync().ConfigureAwait(false)}";
        Interlocked.CompareExchange(ref _ended, how, null);
        return null;
    }

    /// <summary>A cell that stops when it is told to leaves its process as it was; the cells after it can still run.</summary>
    private async Task<bool> StoppedAsync()
    {
        if (!await SendAsync(new StopCell(), Grace, "it did not stop", CancellationToken.None).ConfigureAwait(false))
            return false;
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
