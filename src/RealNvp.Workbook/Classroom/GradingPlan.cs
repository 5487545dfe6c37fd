using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Classroom;

/// <summary>A step of grading: a cell, and what it is run as.</summary>
/// <param name="Role">None for a student's own cell.</param>
/// <param name="Cell">The assignment's cell; null for a student's own.</param>
/// <param name="Code">What runs: the student's for answers and own cells, the assignment's for everything else.</param>
internal sealed record GradingStep(CellRole Role, GradedCell? Cell, string Code);

/// <summary>
/// A submission put back into the assignment's order: read-only and test cells are the assignment's, whatever was handed in; answers are taken from the
/// submission by grade_id; a student's own cells follow the cell that they followed.
/// </summary>
internal sealed record GradingPlan(IReadOnlyList<GradingStep> Steps, IReadOnlyList<string> Notes)
{
    internal static GradingPlan Of(Assignment assignment, NotebookFile submission)
    {
        List<string> notes = [];
        var known = assignment.Cells.Where(c => c.Data is not null).ToDictionary(c => c.Id, StringComparer.Ordinal);
        var handedIn = new Dictionary<string, GradedCell>(StringComparer.Ordinal);
        var own = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var (before, last) = ("", -1);
        foreach (var cell in submission.Cells.Select(GradedCell.Of))
        {
            if (cell.Data is null || !known.TryGetValue(cell.Id, out var original))
            {
                if (!cell.Cell.HasSomethingToRun) continue;
                if (!own.TryGetValue(before, out var cells)) own[before] = cells = [];
                cells.Add(cell.Cell.Submission);
                continue;
            }
            before = cell.Id;
            if (!handedIn.TryAdd(cell.Id, cell))
            {
                notes.Add($"cell {cell.Id} is there more than once; the first one counts");
                continue;
            }
            if (original.Cell.Number < last) notes.Add($"cell {cell.Id} was moved; the assignment's order was used");
            last = Math.Max(last, original.Cell.Number);
        }

        List<GradingStep> steps = [.. OwnAfter("")];
        foreach (var cell in assignment.Cells)
        {
            if (cell.Data is null) continue;
            steps.Add(Step(cell));
            steps.AddRange(OwnAfter(cell.Id));
        }
        return new GradingPlan(steps, notes);

        IEnumerable<GradingStep> OwnAfter(string id) => own.GetValueOrDefault(id, []).Select(code => new GradingStep(CellRole.None, null, code));

        GradingStep Step(GradedCell cell)
        {
            var there = handedIn.GetValueOrDefault(cell.Id);
            var released = Assignment.Released(cell);
            if (there is null || there.Cell.Type != cell.Cell.Type)
            {
                notes.Add($"cell {cell.Id} {(there is null ? "is missing" : $"is no {cell.Cell.Type} cell any more")}; "
                    + (cell.Role is CellRole.Answer or CellRole.Manual ? "it counts as not answered" : "the original was used"));
                return new GradingStep(cell.Role, cell, cell.Role == CellRole.Test ? cell.Cell.Source : released);
            }
            if (cell.Role is CellRole.Answer or CellRole.Manual) return new GradingStep(cell.Role, cell, there.Cell.Source);
            if (cell.Cell.IsCode && there.Cell.Source.TrimEnd() is var source && source != released.TrimEnd() && source != cell.Cell.Source.TrimEnd()) notes.Add($"cell {cell.Id} was changed; the original was used");
            return new GradingStep(cell.Role, cell, cell.Cell.Source);
        }
    }
}
