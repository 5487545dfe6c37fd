using System.Text.Json.Nodes;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Classroom;

/// <summary>
/// Which cells a handed-out notebook came with: the students' version says so in its metadata, so that a cell that is gone since
/// can be named on a machine that has no assignment.
/// </summary>
/// <param name="Assignment">The assignment's name.</param>
/// <param name="Cells">Each cell's grade_id and role, in order.</param>
internal sealed record Handout(string Assignment, IReadOnlyList<(string Id, CellRole Role)> Cells)
{
    private const string Key = "workbook";

    internal static Handout Of(Assignment assignment) =>
        new(assignment.Name, [.. assignment.Cells.Where(c => c.Data is not null).Select(c => (c.Id, c.Role))]);

    /// <summary>What the notebook says of itself; else the assignment of the checkout that most of its cells belong to.</summary>
    internal static Handout? Find(Repository repository, NotebookFile notebook)
    {
        if (In(notebook) is { } own) return own;
        try
        {
            return Workbook.Classroom.Assignment.All(repository)
                .Select(Workbook.Classroom.Assignment.Read).Where(a => HandedIn.IsOf(a, notebook)).Select(Of).FirstOrDefault();
        }
        catch (Exception e) when (e is UserException or IOException or UnauthorizedAccessException)
        {
            return null;   // students may not read the assignments' sources
        }
    }

    internal void WriteTo(JsonObject root)
    {
        var cells = new JsonObject();
        foreach (var (id, role) in Cells) cells[id] = role.ToString();
        if (root["metadata"] is not JsonObject metadata) root["metadata"] = metadata = [];
        metadata[Key] = new JsonObject { ["assignment"] = Assignment, ["cells"] = cells };
    }

    /// <summary>The answers that a test looks at: those before it, back to the tests of the question before.</summary>
    internal IReadOnlyList<string> AnswersOf(string test)
    {
        List<string> answers = [];
        var isTested = false;
        foreach (var (id, role) in Cells)
        {
            if (id == test) return answers;
            if (role == CellRole.Answer && isTested) answers = [];
            if (role == CellRole.Answer) answers.Add(id);
            if (role is CellRole.Test or CellRole.Answer) isTested = role == CellRole.Test;
        }
        return [];
    }

    internal IReadOnlyList<string> TestsOf(string answer) =>
        [.. Cells.Where(c => c.Role == CellRole.Test && AnswersOf(c.Id).Contains(answer)).Select(c => c.Id)];

    private static Handout? In(NotebookFile notebook) =>
        (notebook.Root["metadata"] as JsonObject)?[Key] is JsonObject { } data && data["cells"] is JsonObject cells
            ? new Handout(NotebookFile.Text(data["assignment"]), [.. cells.Select(c => (c.Key,
                Enum.TryParse<CellRole>(NotebookFile.Text(c.Value), out var role) ? role : CellRole.None))])
            : null;
}
