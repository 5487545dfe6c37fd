using System.Collections.Concurrent;
using RealNvp.Workbook.Execution;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace RealNvp.Workbook.Commands;

/// <summary>
/// What the terminal shows of a run: a line for every notebook that ends, and, where somebody watches, one display below them
/// that is redrawn in place: each running notebook with its cell, its time and what it printed last, and the time left of all.
/// </summary>
internal sealed class RunDisplay : IRunWatcher, IAsyncDisposable
{
    private readonly LiveDisplay _display;
    private readonly int _jobs;
    private readonly ConcurrentDictionary<PlannedRun, Running> _running = new();
    private readonly DateTime _since = DateTime.UtcNow;
    private IReadOnlyList<PlannedRun> _planned = [];
    private readonly ConcurrentDictionary<PlannedRun, TimeSpan> _done = new();

    /// <param name="console">Where to; it says itself whether it can be drawn on.</param>
    /// <param name="jobs">How many notebooks run at once.</param>
    internal RunDisplay(IAnsiConsole console, int jobs) =>
        (_display, _jobs) = (new LiveDisplay(console, console.Profile.Out.Writer.WriteLine), jobs);

    public void Planned(IReadOnlyList<RunSummary> restored, IReadOnlyList<PlannedRun> toRun)
    {
        _planned = toRun;
        if (restored.Count > 0)
            _display.WriteLine($"{Count(restored.Count)} unchanged since the last run: outputs restored (--force runs "
                + $"{(restored.Count == 1 ? "it" : "them")})");
        if (toRun.Count > 0) _display.Draw(Picture);
    }

    public IProgress<RunProgress> Began(PlannedRun run) => _running[run] = new Running(Name(run.Path));

    public void Ended(PlannedRun run, RunSummary summary)
    {
        _running.TryRemove(run, out _);
        _done[run] = summary.Elapsed;
        var ran = summary.Cells.Count(cell => cell.Outcome is CellOutcome.Succeeded or CellOutcome.FailedAsExpected);
        var place = _planned.Count > 1 ? $"[{_done.Count}/{_planned.Count}] " : "";
        var line = $"{place}{Name(run.Path)}: {(summary.Succeeded ? "done" : "FAILED")}, {ran} of {summary.Cells.Count} cells, "
            + $"{Time(summary.Elapsed)}";
        _display.WriteLine(summary.Error is { } error ? $"{line}\n{Name(run.Path)}: {error}" : line);
    }

    /// <summary>Takes the display away; the lines stay.</summary>
    public ValueTask DisposeAsync() => _display.DisposeAsync();

    private IRenderable Picture()
    {
        var rows = new Grid { Expand = true };
        rows.AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap())
            .AddColumn(new GridColumn().NoWrap().RightAligned())
            .AddColumn(new GridColumn().NoWrap().PadRight(0));
        foreach (var run in _running.Values.OrderBy(run => run.Name, StringComparer.Ordinal)) rows.AddRow(run.Row());
        return new Rows(rows, new Text(Overall(), new Style(decoration: Decoration.Dim)) { Overflow = Overflow.Ellipsis });
    }

    private string Overall() => $"{_done.Count} of {Count(_planned.Count)}, {Time(DateTime.UtcNow - _since)}"
        + (Left() is { } left ? $", about {Time(left)} left" : "");

    /// <summary>From earlier runs; a notebook that never ran here takes what the others take on average.</summary>
    internal TimeSpan? Left()
    {
        var known = _planned.Select(run => _done.TryGetValue(run, out var took) ? took : run.Expected).OfType<TimeSpan>()
            .ToList();
        if (known.Count == 0) return null;
        var average = known.Average(took => took.TotalSeconds);
        var ahead = _planned.Where(run => !_done.ContainsKey(run))
            .Sum(run => Math.Max(1, (run.Expected?.TotalSeconds ?? average) - (_running.TryGetValue(run, out var now)
                ? now.Elapsed.TotalSeconds : 0)));
        return TimeSpan.FromSeconds(ahead / Math.Min(_jobs, Math.Max(1, _planned.Count - _done.Count)));
    }

    internal static string Name(string path) =>
        Path.GetFileName(Path.GetDirectoryName(path)) == "solutions"
        ? $"solutions/{Path.GetFileNameWithoutExtension(path)}" : Path.GetFileNameWithoutExtension(path);

    private static string Count(int notebooks) => notebooks == 1 ? "1 notebook" : $"{notebooks} notebooks";

    internal static string Time(TimeSpan time) =>
        time.TotalMinutes < 1.5 ? $"{time.TotalSeconds:f0} s" : $"{(int)time.TotalMinutes} min {time.Seconds:00} s";

    /// <summary>A notebook that runs now.</summary>
    private sealed class Running(string name) : IProgress<RunProgress>
    {
        private readonly DateTime _since = DateTime.UtcNow;
        private volatile RunProgress? _last;

        internal string Name => name;

        internal TimeSpan Elapsed => DateTime.UtcNow - _since;

        public void Report(RunProgress value) => _last = value;

        internal IRenderable[] Row()
        {
            var (done, total) = _last is { } p ? (p.Done, p.Total) : (0, 0);
            return
            [
                new Text(name),
                new Text(total == 0 ? "starting" : $"cell {Math.Min(done + 1, total)} of {total}"),
                new Text(Time(Elapsed)),
                new Text((_last?.LastOutput ?? _last?.FirstLine ?? "").Trim(), new Style(decoration: Decoration.Dim)) {
                Overflow = Overflow.Ellipsis },
            ];
        }
    }
}
