using System.Text.Json;
using System.Text.Json.Nodes;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Lint;

/// <summary>
/// Whether the chapters show what the curriculum states: every statement has a code cell that names it under `covers` and asserts
/// something.
/// </summary>
internal static class Coverage
{
    /// <summary>The statements that a cell says it covers; none where `covers` is not a list of texts.</summary>
    internal static IEnumerable<string> Claims(NotebookCell cell) =>
        (cell.Json["metadata"] as JsonObject)?["covers"] is JsonArray ids
            ? ids.Where(id => id?.GetValueKind() == JsonValueKind.String).Select(id => (string)id!) : [];

    /// <summary>Whether one of the notebook's cells that cover the statement asserts something.</summary>
    internal static bool IsAsserted(NotebookFile notebook, string statement) =>
        notebook.Cells.Any(cell => cell.IsCode && Claims(cell).Contains(statement) && Assertions.Of(cell.Source).Count > 0);

    /// <summary>The statements without a cell that asserts them.</summary>
    /// <param name="chapters">The chapters (NN-name.ipynb).</param>
    internal static IEnumerable<(string Statement, string Message)> Missing(IReadOnlyList<NotebookFile> chapters)
    {
        var shown = chapters.SelectMany(chapter => chapter.Cells)
            .Where(cell => cell.IsCode && Assertions.Of(cell.Source).Count > 0)
            .SelectMany(Claims).ToHashSet(StringComparer.Ordinal);
        foreach (var (statement, numbers) in Curriculum.Statements)
            if (!shown.Contains(statement))
                yield return (statement, $"no code cell of chapter {string.Join(" or ", numbers.Select(n => $"{n:00}"))} "
                    + $"covers the statement {statement} with a call of Check");
    }
}
