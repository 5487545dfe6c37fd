using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Classroom;

/// <summary>A step of grading: a cell, and what it is run as.</summary>
/// <param name="Role">None for a student's own cell.</param>
/// <param name="Cell">The assignment's cell; null for a student's own.</param>
/// <param name="Code">What runs: the student's for answers and own cells, the assignment's for everything else.</param>
internal sealed record GradingStep(CellRole Role, GradedCell? Cell, string Code);

/// <summary>
/// A submission put back into the assignment's order: read-only and test cells are the assignment's, whatever was handed in;
/// answers are taken from the submission by id; a student's own cells follow the cell that they followed.
/// </summary>
internal sealed class GradingPlan
{
    private readonly Handout _handout;
    private readonly HandedIn _handedIn;
    private readonly List<GradingStep> _steps = [];

    /// <exception cref="UserException">No cell of the submission is the assignment's.</exception>
    private GradingPlan(Assignment assignment, NotebookFile submission)
    {
        _handout = Handout.Of(assignment);
        _handedIn = HandedIn.Of(assignment, submission);
        if (_handedIn.Count == 0) throw new UserException($"none of its cells is of the assignment {assignment.Name}");
        AddOwn("");
        foreach (var cell in assignment.Cells.Where(c => c.Data is not null))
        {
            _steps.Add(Step(cell));
            AddOwn(cell.Id);
        }
    }

    internal IReadOnlyList<GradingStep> Steps => _steps;

    internal IReadOnlyList<string> Notes => _handedIn.Notes;

    internal static GradingPlan Of(Assignment assignment, NotebookFile submission) => new(assignment, submission);

    /// <summary>A text without what editors change by themselves: blanks at the end of lines.</summary>
    internal static string Plain(string text) => string.Join('\n', text.Split('\n').Select(line => line.TrimEnd())).TrimEnd();

    private void AddOwn(string id) =>
        _steps.AddRange(_handedIn.OwnAfter(id).Select(cell => new GradingStep(CellRole.None, null, cell.Submission)));

    private GradingStep Step(GradedCell cell)
    {
        var released = Assignment.Released(cell);
        var there = _handedIn.Cells(cell.Id);
        if (!there.Any(c => c.Type == cell.Cell.Type)) return Missing(cell, released, there.Count == 0);
        if (cell.Role is CellRole.Answer or CellRole.Manual)
            return new GradingStep(cell.Role, cell, _handedIn.Answer(cell, released));
        if (there.Count > 1) Note($"cell {cell.Id} is there more than once; the original was used");
        if (cell.Cell.IsCode && there.Any(c => Plain(c.Source) != Plain(released) && Plain(c.Source) != Plain(cell.Cell.Source)))
            Note($"cell {cell.Id} was changed; the original was used");
        return new GradingStep(cell.Role, cell, cell.Cell.Source);
    }

    private GradingStep Missing(GradedCell cell, string released, bool isGone)
    {
        var what = $"cell {cell.Id} {(isGone ? "is missing" : $"is no {cell.Cell.Type} cell any more")}";
        if (cell.Role != CellRole.Answer)
        {
            Note($"{what}; {(cell.Role == CellRole.Manual ? "it counts as not answered" : "the original was used")}");
            return new GradingStep(cell.Role, cell, cell.Role == CellRole.Test ? cell.Cell.Source : released);
        }
        if (_handedIn.OwnDefine(AnswerFunctions.Names(released)))
        {
            Note($"{what}; its functions are in a cell of your own, which was used");
            return new GradingStep(cell.Role, cell, "");
        }
        var tests = string.Join(", ", _handout.TestsOf(cell.Id));
        Note($"{what}; it counts as not answered{(tests.Length > 0 ? $", and is what {tests} look at" : "")}");
        return new GradingStep(cell.Role, cell, Region.Replace(cell.Cell.Source, Region.Solution,
            [$"throw new InvalidOperationException(\"the answer {what} in the notebook that was handed in\");"]));
    }

    private void Note(string note) => _handedIn.Notes.Add(note);
}
