using System.Text.Json;
using RealNvp.Flows.Training;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Commands;

/// <summary>`run`: executes chapters into artifacts/executed/, with a summary of every cell.</summary>
public static class RunCommand
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() } };

    /// <param name="repository">The checkout.</param>
    /// <param name="chapters">Numbers, names or paths; all chapters where there are none.</param>
    /// <param name="budget">quick, full or gpu; null for what the environment says.</param>
    /// <param name="limits">Time limits of a cell and of a notebook.</param>
    /// <param name="cancel">Stops the running cell.</param>
    /// <returns>1 where a notebook failed; the others are executed all the same.</returns>
    /// <exception cref="UserException">A chapter, a budget or a notebook file is not what it should be.</exception>
    public static async Task<int> RunAsync(Repository repository, IReadOnlyList<string> chapters, string? budget, RunOptions limits, CancellationToken cancel)
    {
        var notebooks = repository.Resolve(chapters);
        var options = limits with { Environment = new Dictionary<string, string?> { ["WORKBOOK_BUDGET"] = ParseBudget(budget).Name } };
        List<RunSummary> summaries = [];
        foreach (var notebook in notebooks)
        {
            using var line = new ProgressLine(Path.GetFileName(notebook));
            var summary = await NotebookRunner.RunAsync(notebook, repository.ExecutedCopy(notebook), options, line, cancel);
            summaries.Add(summary);
            line.Dispose();
            Print(summary, cells: notebooks.Count == 1);
            WriteReport(repository, summaries);
            if (summary.Cells.Any(c => c.Outcome == CellOutcome.Cancelled)) break;
        }
        if (notebooks.Intersect(repository.Chapters()).Any()) BookCommand.Run(repository);
        return summaries.All(s => s.Succeeded) ? ExitCode.Success : ExitCode.Failure;
    }

    private static Budget ParseBudget(string? name)
    {
        try
        {
            return name is null ? Budget.Current : Budget.Parse(name);
        }
        catch (ArgumentException e)
        {
            throw new UserException(e.Message, e);
        }
    }

    private static void Print(RunSummary summary, bool cells)
    {
        if (cells)
            foreach (var c in summary.Cells)
                Console.WriteLine($"{c.Number,4}  {c.Elapsed.TotalSeconds,6:f1} s  {Word(c.Outcome),-9}  {Shorten(c.FirstLine)}");
        var ran = summary.Cells.Count(c => c.Outcome is CellOutcome.Succeeded or CellOutcome.FailedAsExpected);
        Console.WriteLine($"{Path.GetRelativePath(Environment.CurrentDirectory, summary.NotebookPath)}: {(summary.Succeeded ? "done" : "FAILED")}, {ran} of {summary.Cells.Count} cells, "
            + $"{summary.Elapsed.TotalSeconds:f0} s -> {Path.GetRelativePath(Environment.CurrentDirectory, summary.OutputPath)}");
        if (summary.Error is { } error) Console.Error.WriteLine($"workbook: {Path.GetFileName(summary.NotebookPath)}: {error}");
    }

    private static string Word(CellOutcome outcome) => outcome switch
    {
        CellOutcome.Succeeded => "ok",
        CellOutcome.FailedAsExpected => "ok",
        CellOutcome.TimedOut => "too long",
        _ => outcome.ToString().ToLowerInvariant(),
    };

    private static string Shorten(string line) => line.Length <= 90 ? line : line[..87] + "...";

    private static void WriteReport(Repository repository, IReadOnlyCollection<RunSummary> summaries)
    {
        var path = Path.Combine(repository.Executed, "report.json");
        File.WriteAllText(path + ".tmp", JsonSerializer.Serialize(summaries.Select(s => new
        {
            notebook = Path.GetRelativePath(repository.Root, s.NotebookPath),
            executed = Path.GetRelativePath(repository.Root, s.OutputPath),
            succeeded = s.Succeeded,
            seconds = Math.Round(s.Elapsed.TotalSeconds, 2),
            error = s.Error,
            cells = s.Cells.Select(c => new { number = c.Number, id = c.Id, firstLine = c.FirstLine, seconds = Math.Round(c.Elapsed.TotalSeconds, 3), outcome = c.Outcome }),
        }), Json));
        File.Move(path + ".tmp", path, overwrite: true);
        JUnitReport.Write(Path.Combine(repository.Executed, "report.xml"), summaries);
    }
}
