using System.Text.Json.Nodes;
using RealNvp.Workbook.Execution;
using RealNvp.Workbook.Setup;
using RealNvp.Workbook.Tests.Execution;

namespace RealNvp.Workbook.Tests.Exercises;

/// <summary>
/// The checks of the chapters' exercises: right answers pass however they are written, wrong ones of each typical kind do not,
/// and are told what is wrong.
/// </summary>
public sealed class ExerciseAnswerTests(Verdicts verdicts) : IClassFixture<Verdicts>
{
    public static TheoryData<string, string> Exercises() => [.. AnswerTable.All.Select(row => (row.Chapter, row.Exercise))];

    [Theory]
    [MemberData(nameof(Exercises))]
    public void A_check_tells_right_answers_from_wrong_ones(string chapter, string exercise)
    {
        var row = AnswerTable.All.Single(r => (r.Chapter, r.Exercise) == (chapter, exercise));
        Assert.True(row.Answers.Count(a => a.Hint is null) >= 3, "three ways of writing the right answer");
        Assert.True(row.Answers.Any(a => a.Hint is not null), "a wrong answer");
        var said = verdicts.Of(row);
        Assert.Contains("not filled in yet", said[0], StringComparison.Ordinal);
        foreach (var ((answer, hint), verdict) in row.Answers.Zip(said[1..]))
        {
            if (hint is null) Assert.True(verdict.Contains("✓ right!", StringComparison.Ordinal), $"{answer}: {verdict}");
            else
                Assert.True(verdict.Contains("✗ not right", StringComparison.Ordinal)
                    && verdict.Contains(hint, StringComparison.Ordinal), $"{answer}: {verdict}");
        }
    }
}

/// <summary>What the checks say to every answer of the table, from one run of one notebook: starting one takes longest.</summary>
public sealed class Verdicts : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<AnswerRow, string[]> _said = [];

    internal string[] Of(AnswerRow row) => _said[row];

    public async ValueTask InitializeAsync()
    {
        List<string> cells = ["#!import \"setup.csx\""];
        Dictionary<AnswerRow, int> first = [];
        foreach (var row in AnswerTable.All)
        {
            var chapter = Cells(row.Chapter);
            var usings = chapter["usings"].Split('\n').Where(line => line.StartsWith("using ", StringComparison.Ordinal));
            cells.Add(string.Join('\n', [.. usings, row.Context]));
            first[row] = cells.Count;
            cells.AddRange([chapter[row.Exercise], .. row.Answers.Select(a => a.Code)]);
            for (var k = first[row]; k < cells.Count; k++) cells[k] += "\n" + chapter[$"{row.Exercise}-check"];
        }
        var said = await SaidAsync([.. cells]);
        foreach (var (row, at) in first) _said[row] = said[at..(at + 1 + row.Answers.Length)];
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Dictionary<string, string> Cells(string chapter)
    {
        var path = Directory.EnumerateFiles(Path.Combine(Repository.Find().Root, "notebooks"), $"{chapter}-*.ipynb").Single();
        return JsonNode.Parse(File.ReadAllText(path))!["cells"]!.AsArray().Where(c => (string)c!["cell_type"]! == "code")
            .ToDictionary(c => (string)c!["id"]!, c => string.Concat(c!["source"]!.AsArray().Select(line => (string)line!)));
    }

    // What each cell printed.
    private async Task<string[]> SaidAsync(string[] code)
    {
        _folder.Write("RealNvp.Notebooks.sln", "");
        SetupScript.Write(new Repository(_folder.Path), AppContext.BaseDirectory);
        var notebook = _folder.Write("notebooks/exercises.ipynb", NotebookText.Of(code));
        var summary = await NotebookRunner.RunAsync(notebook, _folder["out/exercises.ipynb"]);
        Assert.True(summary.Error is null, summary.Error?.ToString());
        return [.. JsonNode.Parse(File.ReadAllText(summary.OutputPath))!["cells"]!.AsArray().Select(cell =>
            string.Concat(cell!["outputs"]!.AsArray().Where(o => (string)o!["output_type"]! == "stream")
                .SelectMany(o => o!["text"]!.AsArray()).Select(line => (string)line!)))];
    }
}
