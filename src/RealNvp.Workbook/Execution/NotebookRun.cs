using System.Diagnostics;

namespace RealNvp.Workbook.Execution;

/// <summary>One run of one notebook.</summary>
internal sealed class NotebookRun(NotebookFile notebook, RunOptions options, IProgress<RunProgress>? progress)
{
    private readonly CellOutputs _outputs = new(options.StreamLimit);
    private readonly List<CellSummary> _summaries = [];
    private readonly Stopwatch _watch = new();
    private NotebookCell[] _toRun = [];
    private int _count;
    private CellError? _error;
    private string? _lastOutput;

    internal async Task<(IReadOnlyList<CellSummary> Cells, TimeSpan Elapsed, CellError? Error)> RunAsync(
        CancellationToken cancellationToken)
    {
        notebook.Upgrade();
        foreach (var cell in notebook.Cells.Where(cell => cell.IsCode)) _outputs.Clear(cell);
        _toRun = [.. notebook.Cells.Where(cell => cell.HasSomethingToRun)];
        _watch.Start();
        var process = CellProcess.Start(Path.GetDirectoryName(notebook.Path)!, options.Environment);
        await using (process.ConfigureAwait(false))
        {
            await ReadyAsync(process, cancellationToken).ConfigureAwait(false);
            foreach (var cell in notebook.Cells.Where(cell => cell.IsCode))
            {
                if (_error is not null || !cell.HasSomethingToRun) Summarize(cell, TimeSpan.Zero, CellOutcome.Skipped);
                else await RunAsync(cell, process, cancellationToken).ConfigureAwait(false);
            }
        }
        _outputs.Finish();
        return (_summaries, _watch.Elapsed, _error);
    }

    /// <summary>
    /// Waits for the process, so that the first cell's time is its own. That it does not start, or that the run is stopped
    /// before, is found at that cell.
    /// </summary>
    private static async Task ReadyAsync(CellProcess process, CancellationToken cancellationToken)
    {
        try
        {
            await process.Messages.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The first cell ends as cancelled, and the copy is written with that.
        }
    }

    private async Task RunAsync(NotebookCell cell, CellProcess process, CancellationToken cancellationToken)
    {
        var started = _watch.Elapsed;
        cell.Json["execution_count"] = ++_count;
        _lastOutput = null;
        Report(cell, null, TimeSpan.Zero);
        await process.SendAsync(new RunCell(cell.Number, cell.Submission)).ConfigureAwait(false);
        var (outcome, failure) = await FollowAsync(cell, process, started, cancellationToken).ConfigureAwait(false);
        var elapsed = _watch.Elapsed - started;
        if (failure is not null)
        {
            _outputs.AddError(cell, failure.Kind, failure.Message, failure.Text);
            var line = failure.Line - cell.LineOffset;
            if (outcome == CellOutcome.Failed && cell.HasTag("raises-exception")) outcome = CellOutcome.FailedAsExpected;
            else
                _error = new CellError(cell.Number, cell.Id, line, line is { } n ? cell.LineAt(n) : null, failure.Kind,
                    failure.Text);
        }
        Summarize(cell, elapsed, outcome);
        Report(cell, outcome, elapsed);
    }

    /// <summary>Takes in what the cell does until it is done, its time is up, it is cancelled or its process ends.</summary>
    private async Task<(CellOutcome, CellFailure?)> FollowAsync(
        NotebookCell cell, CellProcess process, TimeSpan started, CancellationToken cancellationToken)
    {
        var limit = Limit(started);
        using var timer = new CancellationTokenSource();
        if (limit is { } given) timer.CancelAfter(given.Time > TimeSpan.Zero ? given.Time : TimeSpan.Zero);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await TakeInAsync(cell, process, started, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await process.SendAsync(new StopCell()).ConfigureAwait(false);
        }

        var outcome = cancellationToken.IsCancellationRequested ? CellOutcome.Cancelled : CellOutcome.TimedOut;
        var message = outcome == CellOutcome.Cancelled ? "stopped by the user" : limit!.Value.Message;
        using var grace = new CancellationTokenSource(options.StopGrace);
        CellFailure? last = null;
        try
        {
            (_, last) = await TakeInAsync(cell, process, started, grace.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            message += "; it did not stop when it was told to, so its process was ended";
        }
        return (outcome, new CellFailure(outcome == CellOutcome.Cancelled ? "Cancelled" : "Timeout", message, message,
            last?.Line));
    }

    private async Task<(CellOutcome, CellFailure?)> TakeInAsync(
        NotebookCell cell, CellProcess process, TimeSpan started, CancellationToken cancellationToken)
    {
        await foreach (var message in process.Messages.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (message is CellDone done && done.Cell == cell.Number)
                return done.Failure is { } failure ? (CellOutcome.Failed, failure) : (CellOutcome.Succeeded, null);
            Take(message, cell, started);
        }
        var text = $"the process ended while running cell {cell.Number}: {await process.DescribeEndAsync().ConfigureAwait(false)}";
        return (CellOutcome.Crashed, new CellFailure("Crash", text.Split('\n')[0], text, null));
    }

    private void Take(CellMessage message, NotebookCell running, TimeSpan started)
    {
        switch (message)
        {
            case StreamWritten stream:
                _outputs.AddStream(CellAt(stream.Cell, running), stream.Name, stream.Text);
                if (stream.Text.Split('\n', '\r').LastOrDefault(line => !string.IsNullOrWhiteSpace(line)) is { } line)
                    _lastOutput = line;
                Report(running, null, _watch.Elapsed - started);
                break;
            case ValueShown { Showing: Showing.Update, DisplayId: { } id } shown:
                _outputs.Update(CellAt(shown.Cell, running), shown.Data, id);
                break;
            case ValueShown { Showing: Showing.Result } shown:
                _outputs.AddResult(CellAt(shown.Cell, running), shown.Data, _count);
                break;
            case ValueShown shown:
                _outputs.AddDisplay(CellAt(shown.Cell, running), shown.Data, shown.DisplayId);
                break;
        }
    }

    /// <summary>
    /// The cell that said something; native code says nothing of its cell, so it is taken for the one that runs.
    /// </summary>
    private NotebookCell CellAt(int number, NotebookCell running) => number == 0 ? running : notebook.Cells[number - 1];

    /// <summary>The nearer of the two limits.</summary>
    private (TimeSpan Time, string Message)? Limit(TimeSpan started)
    {
        var left = options.NotebookTimeout - started;
        if (left is { } rest && (options.CellTimeout is not { } own || rest < own))
            return (rest, $"the notebook ran longer than its limit of {Words(options.NotebookTimeout!.Value)}");
        return options.CellTimeout is { } limit ? (limit, $"the cell ran longer than its limit of {Words(limit)}") : null;
    }

    private static string Words(TimeSpan time) =>
        time.TotalMinutes >= 2 ? $"{time.TotalMinutes:0.#} min"
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");

    private void Summarize(NotebookCell cell, TimeSpan elapsed, CellOutcome outcome) =>
        _summaries.Add(new CellSummary(cell.Number, cell.Id, cell.FirstLine, elapsed, outcome));

    private void Report(NotebookCell cell, CellOutcome? outcome, TimeSpan elapsed) => progress?.Report(new RunProgress(
        cell.Number, cell.FirstLine, outcome is null ? _count - 1 : _count, _toRun.Length, outcome, elapsed, _lastOutput));
}
