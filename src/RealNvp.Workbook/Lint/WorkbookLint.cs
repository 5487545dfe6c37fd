using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Lint;

/// <summary>Holds the notebooks together to what the workbook promises.</summary>
internal static class WorkbookLint
{
    /// <summary>
    /// Everything that is wrong: with each notebook, with the curriculum's coverage, with the solutions, and with the figures of
    /// executed copies.
    /// </summary>
    /// <exception cref="UserException">A file is not a notebook at all.</exception>
    public static IReadOnlyList<Finding> Check(Repository repository)
    {
        var chapters = repository.Chapters().Select(NotebookFile.Read).ToList();
        var solutions = repository.Solutions().Select(NotebookFile.Read).ToList();
        return
        [
            .. chapters.Concat(solutions).SelectMany(notebook => NotebookLint.Check(notebook.Path)),
            .. Coverage.Missing(chapters).Select(missing => new Finding(repository.Notebooks, 0, missing.Message)),
            .. Solutions.Check(chapters, solutions),
            .. chapters.Concat(solutions).SelectMany(notebook => CheckFigures(repository, notebook)),
        ];
    }

    /// <summary>The figures of a notebook's executed copy; none where it was not executed since its code changed.</summary>
    internal static IEnumerable<Finding> CheckFigures(Repository repository, NotebookFile notebook)
    {
        var copy = repository.ExecutedCopy(notebook.Path);
        if (!File.Exists(copy)) return [];
        var executed = NotebookFile.ReadExecuted(copy);
        var same = notebook.Cells.Where(cell => cell.IsCode).Select(cell => cell.Source)
            .SequenceEqual(executed.Cells.Where(cell => cell.IsCode).Select(cell => cell.Source));
        return same ? FigureLabels.Unlabelled(executed)
            .Select(finding => new Finding(notebook.Path, finding.Cell, finding.Message)) : [];
    }
}
