using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Classroom;

/// <summary>A student's look at the own work before it is handed in: every cell runs in order, and the tests that can be seen have their say.</summary>
internal static class Validation
{
    private static readonly TimeSpan CellLimit = TimeSpan.FromMinutes(2);

    /// <summary>Prints a line for everything that is missing or fails.</summary>
    /// <returns>1 where something is or does.</returns>
    internal static async Task<int> RunAsync(string path, TextWriter output, CancellationToken cancel)
    {
        var notebook = NotebookFile.Read(path);
        var cells = notebook.Cells.Select(GradedCell.Of).ToList();
        if (cells.All(c => c.Data is null)) throw new UserException($"{path}: expected an assignment, this notebook has no cell of one");
        var wrong = 0;
        await using var session = CellSession.Start(Path.GetDirectoryName(notebook.Path)!, new Dictionary<string, string?> { ["WORKBOOK_BUDGET"] = "quick" });
        foreach (var cell in cells)
        {
            if (cell.Role is CellRole.Test or CellRole.ReadOnly && cell.Data!["checksum"] is { } sum && NotebookFile.Text(sum) != cell.Checksum(cell.Cell.Source))
                Say(cell, "was changed; it is put back when the work is graded");
            if (cell.Role is CellRole.Answer or CellRole.Manual && cell.Data!["checksum"] is { } stub && NotebookFile.Text(stub) == cell.Checksum(cell.Cell.Source))
                Say(cell, "is not answered yet");
            if (!cell.Cell.HasSomethingToRun) continue;
            var report = await session.RunAsync(cell.Cell.Number, cell.Cell.Submission, CellLimit, null, cancel).ConfigureAwait(false);
            if (report.Failure is { } failure) Say(cell, $"{(failure.Line is { } line ? $"line {line}: " : "")}{failure.Message}");
            else if (cell.Role == CellRole.Test) await output.WriteLineAsync($"✓ {cell.Id}").ConfigureAwait(false);
        }
        await output.WriteLineAsync(wrong == 0 ? "everything that can be seen is right; hidden tests look further" : $"{wrong} things to look at").ConfigureAwait(false);
        return wrong == 0 ? ExitCode.Success : ExitCode.Failure;

        void Say(GradedCell cell, string what)
        {
            wrong++;
            output.WriteLine($"✗ {(cell.Id.Length > 0 ? cell.Id : $"cell {cell.Cell.Number}")}: {what}");
        }
    }
}
