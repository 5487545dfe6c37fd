using System.Text.Json.Nodes;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Classroom;

/// <summary>An assignment as its teacher wrote it: answers, visible tests and hidden tests in one notebook.</summary>
internal sealed class Assignment
{
    /// <summary>
    /// What stands in a student's version where the answer goes: it compiles anywhere in a function, and says what is missing
    /// when it runs.
    /// </summary>
    internal static readonly IReadOnlyList<string> Stub =
        ["// your answer here", "throw new InvalidOperationException(\"not answered yet\");"];

    /// <summary>
    /// A read-only cell with this tag runs beside the student's answers only: it trains with them or draws them.
    /// </summary>
    internal const string AnswersOnlyTag = "answers-only";

    private Assignment(string name, NotebookFile notebook, IReadOnlyList<GradedCell> cells) =>
        (Name, Notebook, Cells) = (name, notebook, cells);

    internal string Name { get; }

    internal NotebookFile Notebook { get; }

    internal IReadOnlyList<GradedCell> Cells { get; }

    /// <summary>The cells that bring points, in order.</summary>
    internal IEnumerable<GradedCell> Questions => Cells.Where(c => c.Role is CellRole.Test or CellRole.Manual or CellRole.Task);

    internal double Points => Questions.Sum(c => c.Points);

    internal static IReadOnlyList<string> All(Repository repository) =>
        !Directory.Exists(repository.Assignments)
        ? [] : [.. Directory.EnumerateFiles(repository.Assignments, "*.ipynb").Order(StringComparer.Ordinal)];

    /// <summary>The assignment of a number, a name or a path.</summary>
    /// <exception cref="UserException">There is none, or it is not one that can be released and graded.</exception>
    internal static Assignment Find(Repository repository, string word)
    {
        var all = All(repository);
        var prefix = int.TryParse(word, out var number) ? $"{number}-" : word;
        var path = word.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase) ? Path.GetFullPath(word)
            : all.FirstOrDefault(p => Path.GetFileName(p).StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                ?? throw new UserException($"no assignment \"{word}\"; there are: "
                    + $"{string.Join(", ", all.Select(Path.GetFileNameWithoutExtension))}");
        var assignment = Read(path);
        var problems = assignment.Problems().ToList();
        return problems.Count == 0 ? assignment : throw new UserException($"{path}:\n  {string.Join("\n  ", problems)}");
    }

    internal static Assignment Read(string path)
    {
        var notebook = NotebookFile.Read(path);
        return new Assignment(Path.GetFileNameWithoutExtension(path), notebook, [.. notebook.Cells.Select(GradedCell.Of)]);
    }

    /// <summary>What a student gets of a cell: no solution, no hidden test.</summary>
    internal static string Released(GradedCell cell) => cell.Role switch
    {
        CellRole.Answer => Region.Replace(cell.Cell.Source, Region.Solution, Stub),
        CellRole.Manual when cell.Cell.Type == "code" => Region.Replace(cell.Cell.Source, Region.Solution, Stub),
        CellRole.Manual => "*Your answer here.*",
        CellRole.Test => Region.Replace(cell.Cell.Source, Region.HiddenTests, []).TrimEnd(),
        _ => cell.Cell.Source,
    };

    /// <summary>What keeps it from being released and graded, a line each.</summary>
    internal IEnumerable<string> Problems()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        if (!Questions.Any()) yield return "expected at least one cell with points, found none";
        foreach (var cell in Cells)
        {
            var where = $"cell {cell.Cell.Number}{(cell.Id.Length > 0 ? $" ({cell.Id})" : "")}: ";
            foreach (var problem in cell.Problems()) yield return where + problem;
            if (cell.Data is null)
            {
                if (cell.Cell.IsCode) yield return where + "expected nbgrader's metadata on every code cell, found none";
                if (Region.IsIn(cell.Cell.Source, Region.Solution) || Region.IsIn(cell.Cell.Source, Region.HiddenTests))
                    yield return where + "a solution or a hidden test in a cell without nbgrader's metadata would be handed out";
                continue;
            }
            if (!seen.Add(cell.Id)) yield return where + "the grade_id is used twice";
            foreach (var problem in RegionProblems(cell)) yield return where + problem;
        }
    }

    private static IEnumerable<string> RegionProblems(GradedCell cell)
    {
        var source = cell.Cell.Source;
        if (cell.Role is not (CellRole.Answer or CellRole.Manual) && Region.IsIn(source, Region.Solution))
            yield return "a solution outside an answer cell would be handed out";
        if (cell.Role != CellRole.Test && Region.IsIn(source, Region.HiddenTests))
            yield return "hidden tests outside a test cell would be handed out";
        string? problem = null, released = null;
        try
        {
            released = Released(cell);
        }
        catch (FormatException e)
        {
            problem = e.Message;
        }
        if (problem is not null) yield return problem;
        if (released is null || cell.Role != CellRole.Answer) yield break;
        if (released == source) yield return "an answer cell without a solution";
        foreach (var p in AnswerFunctions.Problems(released)) yield return p;
    }

    /// <summary>The student's version as a document.</summary>
    internal JsonObject ToRelease()
    {
        var root = (JsonObject)Notebook.Root.DeepClone();
        foreach (var (json, cell) in root["cells"]!.AsArray().Zip(Cells))
        {
            var (copy, released) = ((JsonObject)json!, Released(cell));
            copy["source"] = Lines(released);
            if (cell.Cell.IsCode)
            {
                copy["outputs"] = new JsonArray();
                copy["execution_count"] = null;
            }
            if (cell.Data is null) continue;
            var metadata = (JsonObject)copy["metadata"]!;
            metadata["deletable"] = false;
            if (cell.Role is CellRole.Test or CellRole.ReadOnly) metadata["editable"] = false;
            var data = (JsonObject)metadata["nbgrader"]!;
            data["checksum"] = cell.Checksum(released);
            data["cell_type"] = cell.Cell.Type;
        }
        Handout.Of(this).WriteTo(root);
        return root;
    }

    internal static JsonArray Lines(string text)
    {
        var lines = text.Split('\n');
        return [.. lines.Select((line, i) => (JsonNode)(i < lines.Length - 1 ? line + "\n" : line))];
    }
}
