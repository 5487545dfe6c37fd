using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Lint;

/// <summary>Something that is wrong with a notebook.</summary>
/// <param name="Notebook">Its path.</param>
/// <param name="Cell">The cell's place, from 1; 0 for the notebook as a whole.</param>
/// <param name="Message">What was expected and what is there.</param>
internal sealed record Finding(string Notebook, int Cell, string Message)
{
    /// <summary>The notebook, the cell and the message in one line.</summary>
    public override string ToString() => $"{Notebook}{(Cell > 0 ? $", cell {Cell}" : "")}: {Message}";
}

/// <summary>Holds a committed notebook to what every notebook here promises.</summary>
internal static partial class NotebookLint
{
    /// <summary>The most lines of a code cell.</summary>
    public const int LongestCell = 40;

    /// <summary>
    /// The most characters of a line of code: about what VS Code, JupyterLab and the book show without scrolling on a laptop.
    /// </summary>
    public const int LongestLine = 110;

    /// <summary>The tag of a cell that defines a name again on purpose.</summary>
    public const string RedefinesTag = "redefines";

    /// <summary>Everything that is wrong, in the cells' order.</summary>
    /// <exception cref="UserException">The file is not a notebook at all.</exception>
    public static IReadOnlyList<Finding> Check(string path)
    {
        var notebook = NotebookFile.ReadExecuted(path);
        return
        [
            .. Format(notebook).Concat(Metadata(notebook)).Concat(Setup(notebook))
                .Concat(notebook.Cells.SelectMany(cell => Cell(notebook, cell)))
                .Concat(Definitions.Clashes(notebook)).Concat(LazyTensors.Joined(notebook)).Concat(Links.Broken(notebook))
                .Select(finding => new Finding(path, finding.Cell, finding.Message)).OrderBy(finding => finding.Cell),
        ];
    }

    private static IEnumerable<(int Cell, string Message)> Format(NotebookFile notebook)
    {
        if (NotebookFile.Number(notebook.Root["nbformat_minor"]) is not >= 5)
            yield return (0, $"nbformat 4.5 is expected, this is 4.{notebook.Root["nbformat_minor"]}");
        foreach (var group in notebook.Cells.GroupBy(cell => cell.Id).Where(group => group.Key.Length > 0 && group.Count() > 1))
            yield return (group.Last().Number, $"the id '{group.Key}' is cell {group.First().Number}'s already");
        foreach (var cell in notebook.Cells)
        {
            if (!Id().IsMatch(cell.Id))
                yield return (cell.Number, $"an id of 1 to 64 letters, digits, '-' and '_' is expected, not '{cell.Id}'");
            if (cell.Json["metadata"] is not JsonObject) yield return (cell.Number, "a cell has metadata, an object");
            if (cell.Json["source"] is not (JsonArray or JsonValue))
                yield return (cell.Number, "a cell has a source, text or a list of lines");
            if (cell.Type == "code" && cell.Json["outputs"] is not JsonArray)
                yield return (cell.Number, "a code cell has outputs, a list");
            if (cell.Type == "code" && !cell.Json.ContainsKey("execution_count"))
                yield return (cell.Number, "a code cell has an execution_count");
            if (cell.Type != "code" && (cell.Json.ContainsKey("outputs") || cell.Json.ContainsKey("execution_count")))
                yield return (cell.Number, $"a {cell.Type} cell has no outputs and no execution_count");
        }
    }

    private static IEnumerable<(int Cell, string Message)> Metadata(NotebookFile notebook)
    {
        var metadata = notebook.Root["metadata"] as JsonObject;
        if (Text(metadata, "kernelspec", "name") != ".net-csharp")
            yield return (0, "the kernelspec .net-csharp is expected in the metadata");
        if (Text(metadata, "language_info", "name") is not ("C#" or "csharp"))
            yield return (0, "language_info with the name C# is expected in the metadata");
        if (Text(metadata, "polyglot_notebook", "kernelInfo", "defaultKernelName") != "csharp")
            yield return (0, "polyglot_notebook.kernelInfo with the default kernel csharp is expected in the metadata");
    }

    private static IEnumerable<(int Cell, string Message)> Setup(NotebookFile notebook)
    {
        var name = Path.GetFileName(Path.GetDirectoryName(notebook.Path)) == "solutions" ? "../setup.csx" : "setup.csx";
        if (notebook.Cells.FirstOrDefault(cell => cell.IsCode) is { } first && first.Source.Trim() != $"#!import \"{name}\"")
            yield return (first.Number,
                $"the first code cell is #!import \"{name}\", which brings the library, and nothing else");
    }

    private static IEnumerable<(int Cell, string Message)> Cell(NotebookFile notebook, NotebookCell cell)
    {
        if (cell.Type != "code")
        {
            if (Coverage.Claims(cell).Any())
                yield return (cell.Number, "`covers` belongs to a code cell that asserts the statement");
            yield break;
        }
        var metadata = cell.Json["metadata"] as JsonObject;
        if (Text(metadata, "polyglot_notebook", "kernelName").Length == 0 || Text(metadata, "dotnet_interactive", "language")
            .Length == 0)
            yield return (cell.Number, "polyglot_notebook.kernelName and dotnet_interactive.language are expected in a code "
                + "cell's metadata");
        if (cell.Json["outputs"] is JsonArray { Count: > 0 })
            yield return (cell.Number, "a notebook is committed without outputs, this cell has some");
        if (cell.Json["execution_count"] is not null)
            yield return (cell.Number, "a notebook is committed without execution counts, this cell has one");
        var lines = cell.Source.TrimEnd('\n').Split('\n').Length;
        if (lines > LongestCell) yield return (cell.Number, $"a cell has at most {LongestCell} lines, this one has {lines}");
        foreach (var (text, i) in cell.Source.Split('\n').Select((text, i) => (text, i))
            .Where(line => line.text.Length > LongestLine))
            yield return (cell.Number, $"a line of code has at most {LongestLine} characters, line {i + 1} has {text.Length}");
        if (CodeBounds.Problem(cell.Source) is { } problem) yield return (cell.Number, problem);
        var checks = Assertions.Of(cell.Source);
        if (checks.Any(Assertions.IsEmpty)) yield return (cell.Number, "Check.That(..., true, ...) holds whatever happens");
        if (metadata?["covers"] is not { } covers) yield break;
        if (covers is not JsonArray ids || ids.Any(id => id?.GetValueKind() != JsonValueKind.String))
        {
            yield return (cell.Number, "`covers` is a list of statement ids");
            yield break;
        }
        foreach (var id in Coverage.Claims(cell))
        {
            if (!Coverage.IsAsserted(notebook, id))
                yield return (cell.Number, $"the cell covers the statement {id} and asserts nothing, nor does another that "
                    + "covers it: a call of Check is expected");
            if (!Curriculum.Statements.TryGetValue(id, out var chapters))
                yield return (cell.Number, $"`covers` names the statement {id}, which does not exist");
            else if (NumberOf(notebook.Path) is { } chapter && !chapters.Contains(chapter))
                yield return (cell.Number, $"the statement {id} belongs to chapter "
                    + $"{string.Join(" or ", chapters.Select(c => $"{c:00}"))}");
        }
    }

    /// <summary>A chapter's number; null where the name does not begin with one.</summary>
    internal static int? NumberOf(string path) =>
        ChapterNumber().Match(Path.GetFileName(path)) is { Success: true } number ? int.Parse(number.Value) : null;

    private static string Text(JsonNode? node, params string[] path)
    {
        foreach (var name in path) node = (node as JsonObject)?[name];
        return NotebookFile.Text(node);
    }

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}$")]
    private static partial Regex Id();

    [GeneratedRegex(@"^\d\d(?=-)")]
    private static partial Regex ChapterNumber();
}
