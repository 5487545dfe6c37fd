using System.Text.RegularExpressions;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Classroom;

/// <summary>
/// The cells of a submission, found by the assignment's ids: nbgrader's grade_id, and where a program has dropped the metadata
/// that it did not know, the cell's own id.
/// </summary>
internal sealed class HandedIn
{
    private readonly Dictionary<string, List<NotebookCell>> _cells = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<NotebookCell>> _own = new(StringComparer.Ordinal);

    private HandedIn() { }

    /// <summary>What was found in another place than it had, or more than once.</summary>
    internal List<string> Notes { get; } = [];

    /// <summary>How many of the assignment's cells are there.</summary>
    internal int Count => _cells.Count;

    /// <summary>Whether at least half of an assignment's cells are there.</summary>
    internal static bool IsOf(Assignment assignment, NotebookFile notebook) =>
        2 * Of(assignment, notebook).Count >= assignment.Cells.Count(c => c.Data is not null);

    internal static HandedIn Of(Assignment assignment, NotebookFile notebook)
    {
        var found = new HandedIn();
        var known = assignment.Cells.Where(c => c.Data is not null).ToDictionary(c => c.Id, StringComparer.Ordinal);
        var byCellId = known.Values.Where(c => c.Cell.Id.Length > 0).DistinctBy(c => c.Cell.Id)
            .ToDictionary(c => c.Cell.Id, c => c.Id, StringComparer.Ordinal);
        var (before, last) = ("", -1);
        foreach (var cell in notebook.Cells.Select(GradedCell.Of))
        {
            var id = cell.Data is null ? byCellId.GetValueOrDefault(cell.Cell.Id, "") : cell.Id;
            if (!known.TryGetValue(id, out var original))
            {
                if (cell.Cell.HasSomethingToRun) Add(found._own, before, cell.Cell);
                continue;
            }
            before = id;
            if (Add(found._cells, id, cell.Cell) > 1) continue;
            if (original.Cell.Number < last) found.Notes.Add($"cell {id} was moved; the assignment's order was used");
            last = Math.Max(last, original.Cell.Number);
        }
        return found;
    }

    internal IReadOnlyList<NotebookCell> Cells(string id) => _cells.GetValueOrDefault(id, []);

    /// <summary>The student's own cells after one of the assignment's; "": before them all.</summary>
    internal IEnumerable<NotebookCell> OwnAfter(string id) => _own.GetValueOrDefault(id, []);

    /// <summary>Whether cells of the student's own define every function of an answer.</summary>
    internal bool OwnDefine(IReadOnlyList<string> functions) => functions.Count > 0
        && functions.All(f => _own.Values.SelectMany(c => c).Any(c => Defines(c.Source, f)));

    /// <summary>
    /// What was written into an answer cell. A cell that was split is put together; of a cell that was copied, the first counts
    /// that was filled in.
    /// </summary>
    internal string Answer(GradedCell cell, string released)
    {
        var parts = Cells(cell.Id).Where(c => c.Type == cell.Cell.Type).ToList();
        if (cell.Role == CellRole.Manual) return Words(cell.Id, parts, released);
        var functions = AnswerFunctions.Names(released);
        bool IsWhole(string text) =>
            functions.All(f => Defines(text, f)) && text.Count(c => c == '{') == text.Count(c => c == '}');
        if (parts.Count == 1 && !IsWhole(parts[0].Source) && OwnAfter(cell.Id).FirstOrDefault() is { } rest
            && IsWhole(Joined([parts[0], rest])))
        {
            _own[cell.Id].RemoveAt(0);
            parts.Add(rest);
        }
        if (parts.Count == 1) return parts[0].Source;
        var written = parts.Where(c => GradingPlan.Plain(c.Source) != GradingPlan.Plain(released)).ToList();
        if (written.Count > 1 && !IsWhole(written[0].Source) && IsWhole(Joined(written)))
        {
            Notes.Add($"cell {cell.Id} was split; its parts were put together");
            return Joined(written);
        }
        Notes.Add($"cell {cell.Id} is there more than once; the first one that was filled in counts");
        return (written.FirstOrDefault() ?? parts[0]).Source;
    }

    private string Words(string id, List<NotebookCell> parts, string released)
    {
        var written = parts.Select(c => c.Source).Where(text => GradingPlan.Plain(text) != GradingPlan.Plain(released)).Distinct()
            .ToList();
        if (parts.Count > 1) Notes.Add($"cell {id} is there more than once; all that was written into it counts");
        return written.Count == 0 ? parts[0].Source : string.Join("\n\n", written);
    }

    private static string Joined(IEnumerable<NotebookCell> parts) => string.Join('\n', parts.Select(c => c.Source));

    /// <summary>A line that begins at the margin and has the name before a bracket, as a function's declaration does.</summary>
    private static bool Defines(string text, string function) =>
        Regex.IsMatch(text, $@"^[^\s/][^\n;={{]*\b{Regex.Escape(function)}\s*\(",
            RegexOptions.Multiline | RegexOptions.NonBacktracking);

    private static int Add(Dictionary<string, List<NotebookCell>> cells, string id, NotebookCell cell)
    {
        if (!cells.TryGetValue(id, out var list)) cells[id] = list = [];
        list.Add(cell);
        return list.Count;
    }
}
