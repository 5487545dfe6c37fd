using RealNvp.Workbook.Execution;
using Spectre.Console;

namespace RealNvp.Workbook.Commands;

/// <summary>`run`: executes chapters into artifacts/executed/, with a summary of every cell.</summary>
internal static class RunCommand
{
    private const int SlowestShown = 8;

    /// <param name="repository">The checkout.</param>
    /// <param name="chapters">Numbers, names or paths; all chapters and solutions where there are none.</param>
    /// <param name="budget">quick, full or gpu; null for what the environment says.</param>
    /// <param name="limits">Time limits of a cell and of a notebook.</param>
    /// <param name="jobs">How many notebooks run at once; null for what this machine bears.</param>
    /// <param name="force">Whether notebooks run in which nothing has changed.</param>
    /// <param name="cancel">Stops the running cells.</param>
    /// <returns>1 where a notebook failed; the others are executed all the same.</returns>
    /// <exception cref="UserException">A chapter, a budget or a notebook file is not what it should be.</exception>
    public static async Task<int> RunAsync(
        Repository repository, IReadOnlyList<string> chapters, string? budget, RunOptions limits, int? jobs, bool force,
        CancellationToken cancel)
    {
        var notebooks = repository.Resolve(chapters);
        var amount = BudgetOption.Parse(budget).Name;
        var atOnce = jobs ?? Threads.DefaultJobs(amount);
        var began = DateTime.UtcNow;
        IReadOnlyList<RunSummary> summaries;
        var display = new RunDisplay(AnsiConsole.Console, atOnce);
        await using (display.ConfigureAwait(false))
            summaries = await new RunQueue(repository, amount, limits, atOnce, force).RunAsync(notebooks, display, cancel)
                .ConfigureAwait(false);
        RunReport.Write(repository, summaries);
        Print(summaries, DateTime.UtcNow - began);
        cancel.ThrowIfCancellationRequested();
        if (notebooks.Intersect(repository.Chapters()).Any()) BookCommand.Run(repository);
        return summaries.All(s => s.Succeeded) ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>Every cell of a single notebook; of several, the slowest cells and what failed.</summary>
    private static void Print(IReadOnlyList<RunSummary> summaries, TimeSpan elapsed)
    {
        if (summaries is [var one])
        {
            foreach (var cell in one.Cells) Console.WriteLine(Line(cell));
            Console.WriteLine($"-> {Path.GetRelativePath(Environment.CurrentDirectory, one.OutputPath)}");
            return;
        }
        var cells = summaries.Where(summary => !summary.Restored)
            .SelectMany(summary => summary.Cells, (summary, cell) => (summary.NotebookPath, cell));
        var slowest = cells.OrderByDescending(slow => slow.cell.Elapsed).Take(SlowestShown)
            .Where(slow => slow.cell.Elapsed.TotalSeconds >= 1).ToList();
        if (slowest.Count > 0) Console.WriteLine("the slowest cells:");
        foreach (var (notebook, cell) in slowest) Console.WriteLine($"{Line(cell)}  ({RunDisplay.Name(notebook)})");
        var failed = summaries.Count(summary => !summary.Succeeded);
        Console.WriteLine($"{summaries.Count - failed} of {summaries.Count} notebooks done in {RunDisplay.Time(elapsed)}"
            + (failed > 0 ? $", {failed} FAILED: "
            + $"{string.Join(", ", summaries.Where(s => !s.Succeeded).Select(s => RunDisplay.Name(s.NotebookPath)))}" : ""));
    }

    private static string Line(CellSummary cell) =>
        $"{cell.Number,4}  {cell.Elapsed.TotalSeconds,6:f1} s  {Word(cell.Outcome),-9}  {Shorten(cell.FirstLine)}";

    private static string Word(CellOutcome outcome) => outcome switch
    {
        CellOutcome.Succeeded => "ok",
        CellOutcome.FailedAsExpected => "ok",
        CellOutcome.TimedOut => "too long",
        _ => outcome.ToString().ToLowerInvariant(),
    };

    private static string Shorten(string line) => line.Length <= 90 ? line : line[..87] + "...";
}
