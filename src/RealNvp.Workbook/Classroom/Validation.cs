using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Classroom;

/// <summary>
/// A student's look at the own work before it is handed in: every cell runs in order, and the tests that can be seen have their
/// say.
/// </summary>
internal sealed class Validation
{
    private static readonly TimeSpan CellLimit = TimeSpan.FromMinutes(2);

    private readonly Repository _repository;
    private readonly NotebookFile _notebook;
    private readonly Handout? _handout;
    private readonly List<GradedCell> _cells;
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);
    private readonly TextWriter _output;
    private int _wrong;

    private Validation(Repository repository, NotebookFile notebook, TextWriter output)
    {
        (_repository, _notebook, _output) = (repository, notebook, output);
        _cells = [.. notebook.Cells.Select(GradedCell.Of)];
        _handout = Handout.Find(repository, notebook);
    }

    /// <summary>Prints a line for everything that is missing or fails.</summary>
    /// <returns>1 where something is or does.</returns>
    internal static async Task<int> RunAsync(Repository repository, string path, TextWriter output, CancellationToken cancel)
    {
        var full = Path.GetFullPath(path);
        var validation = new Validation(repository, NotebookFile.Parse(full, NotebookFile.ReadBytes(full)), output);
        if (validation._handout is null && validation._cells.All(c => c.Data is null))
            throw new UserException($"{path}: expected an assignment, this notebook has no cell of one");
        return await validation.RunAsync(cancel).ConfigureAwait(false);
    }

    private async Task<int> RunAsync(CancellationToken cancel)
    {
        NameMissing();
        await using var session = CellSession.Start(Path.GetDirectoryName(_notebook.Path)!,
            new Dictionary<string, string?> { ["WORKBOOK_BUDGET"] = "quick", ["WORKBOOK_ROOT"] = _repository.Root });
        foreach (var cell in _cells) await RunAsync(cell, session, cancel).ConfigureAwait(false);
        await _output.WriteLineAsync(_wrong == 0
            ? "everything that can be seen is right; hidden tests look further" : $"{_wrong} things to look at")
                .ConfigureAwait(false);
        return _wrong == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>The cells that were handed out and are not there, and those that are there twice.</summary>
    private void NameMissing()
    {
        var ids = _cells.Select(c => c.Data is null ? c.Cell.Id : c.Id).Where(id => id.Length > 0).ToList();
        foreach (var (id, role) in _handout?.Cells ?? [])
        {
            var count = ids.Count(other => other == id);
            if (count == 1) continue;
            if (count == 0) _missing.Add(id);
            var tests = string.Join(", ", _handout!.TestsOf(id));
            var fate = role is CellRole.Answer or CellRole.Manual
                ? $"it counts as not answered{(tests.Length > 0 ? $", and is what {tests} look at" : "")}"
                : "it is put back when the work is graded";
            Say(id, count > 1 ? $"this cell of {_handout.Assignment} is there {count} times; the first one counts"
                : $"this cell of {_handout.Assignment} is missing; {fate}");
        }
    }

    private async Task RunAsync(GradedCell cell, CellSession session, CancellationToken cancel)
    {
        var name = cell.Id.Length > 0 ? cell.Id : $"cell {cell.Cell.Number}";
        if (cell.Role is CellRole.Test or CellRole.ReadOnly && IsAsHandedOut(cell) == false)
            Say(name, "was changed; it is put back when the work is graded");
        if (cell.Role is CellRole.Answer or CellRole.Manual && IsAsHandedOut(cell) == true) Say(name, "is not answered yet");
        if (!cell.Cell.HasSomethingToRun) return;
        var gone = cell.Role == CellRole.Test ? _handout?.AnswersOf(cell.Id).FirstOrDefault(_missing.Contains) : null;
        var report = await session.RunAsync(cell.Cell.Number, cell.Cell.Submission, CellLimit, null, cancel)
            .ConfigureAwait(false);
        if (report.Failure is not { } failure)
        {
            if (cell.Role == CellRole.Test) await _output.WriteLineAsync($"✓ {cell.Id}").ConfigureAwait(false);
        }
        else if (gone is not null && failure.Kind == "CompilationError") Say(name, $"its answer, the cell {gone}, is missing");
        else Say(name, $"{(failure.Line is { } line ? $"line {line}: " : "")}{failure.Message}");
    }

    /// <summary>Null where the cell does not say what it was.</summary>
    private static bool? IsAsHandedOut(GradedCell cell)
    {
        if (NotebookFile.Text(cell.Data!["checksum"]) is not { Length: > 0 } sum) return null;
        string[] texts = [cell.Cell.Source, cell.Cell.Source.TrimEnd(), cell.Cell.Source.TrimEnd() + "\n",
            GradingPlan.Plain(cell.Cell.Source)];
        return texts.Any(text => cell.Checksum(text) == sum);
    }

    private void Say(string name, string what)
    {
        _wrong++;
        _output.WriteLine($"✗ {Shown.Text(name)}: {Shown.Lines(what)}");
    }
}
