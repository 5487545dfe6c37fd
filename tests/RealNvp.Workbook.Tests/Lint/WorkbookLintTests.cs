using System.Text.Json.Nodes;
using RealNvp.Workbook.Execution;
using RealNvp.Workbook.Lint;
using RealNvp.Workbook.Tests.Execution;

namespace RealNvp.Workbook.Tests.Lint;

public sealed class WorkbookLintTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private NotebookFile Notebook(string name, params JsonObject[] cells) =>
        NotebookFile.Read(_folder.Write($"notebooks/{name}.ipynb", NotebookText.Of(cells)));

    private static JsonObject Code(string source, params string[] covers)
    {
        var cell = NotebookText.Code("c", source);
        if (covers.Length > 0) cell["metadata"]!["covers"] = new JsonArray([.. covers.Select(id => (JsonNode)id)]);
        return cell;
    }

    private static JsonObject Words(string source) =>
        new() { ["cell_type"] = "markdown", ["metadata"] = new JsonObject(), ["source"] = source };

    [Fact]
    public void Nothing_is_wrong_with_the_notebooks_of_this_workbook() =>
        Assert.True(WorkbookLint.Check(Repository.Find()) is [], string.Join('\n', WorkbookLint.Check(Repository.Find())));

    [Fact]
    public void A_statement_that_no_cell_asserts_is_found()
    {
        var chapter = Notebook("02-densities", Code("Check.Close(\"a\", 1, x, 0);", "10.3"), Code("Plot.Lines();", "10.4"),
            Words("10.4"));
        string[] ofTheChapter = ["10.3", "10.4"];
        Assert.Equal(["10.4"], Coverage.Missing([chapter]).Select(missing => missing.Statement).Intersect(ofTheChapter));
        var complete = Notebook("02-densities", Code("{ if (x) Check.That(\"a\", x > 1, \"\"); }", "10.3", "10.4"));
        Assert.Empty(Coverage.Missing([complete]).Select(missing => missing.Statement).Intersect(ofTheChapter));
        Assert.Equal(Curriculum.Statements.Count - 2, Coverage.Missing([complete]).Count());
    }

    [Fact]
    public void Every_chapter_but_the_first_teaches_statements()
    {
        // 48 of the sources, and those beyond them.
        Assert.Equal(48 + 24, Curriculum.Statements.Count);
        Assert.Equal(Repository.Find().Chapters().Select(path => int.Parse(Path.GetFileName(path)[..2])).Where(n => n > 0),
            Curriculum.Statements.Values.SelectMany(chapters => chapters).Distinct().Order());
    }

    [Fact]
    public void Exercises_need_their_solutions()
    {
        var chapter = Notebook("03-x", Code("Exercise.Check(\"0\", x, () => null); Exercise.Check(\"1\", x, () => null);"),
            Code("Exercise.Check(\"2\", y, () => null);"));
        string Only(params NotebookFile[] solutions) => Assert.Single(Solutions.Check([chapter], solutions)).Message;
        Assert.Contains("no notebook solutions/03-x.ipynb", Only());
        Assert.Contains("exercise 2 of the chapter",
            Only(Notebook("solutions/03-x", Words("**1.** so"), Code("Check.That(\"a\", b, \"\");"))));
        Assert.Contains("assert nothing",
            Only(Notebook("solutions/03-x", Words("**1.** so"), Words("**2.** and so"), Code("1"))));
        Assert.Empty(Solutions.Check([chapter],
            [Notebook("solutions/03-x", Words("**1.** so\n\n**2.** and so"), Code("Check.That(\"a\", b, \"\");"))]));
        Assert.Contains("of no chapter", Assert.Single(Solutions.Check([], [Notebook("solutions/04-y", Code("1"))])).Message);
        Assert.Empty(Solutions.Check([Notebook("00-start", Code("1"))], []));
    }

    private const string Good = """
        {"data": [{"type": "scatter"}, {"type": "heatmap", "xaxis": "x2", "yaxis": "y2"}],
         "layout": {"title": {"text": "T"}, "xaxis": {"title": {"text": "a"}}, "yaxis": {"title": "b"}, "xaxis2": {"matches": "x"}, "yaxis2": {"showticklabels": false}}}
        """;

    [Theory]
    [InlineData(Good)]
    [InlineData("""{"data": [{"type": "scatter"}, {"type": "scatter", "xaxis": "x2", "yaxis": "y2"}], "layout": {"title": {"text": "T"}, "xaxis": {"title": {"text": "a"}}, "yaxis": {"title": "b"}, "xaxis2": {"title": {"text": "c"}}, "yaxis2": {}}}""")]
    [InlineData("""{"data": [{"type": "image"}], "layout": {"title": {"text": "T"}}}""")]
    [InlineData("""{"data": [{"type": "surface"}], "layout": {"title": {"text": "T"}, "scene": {"xaxis": {"title": {"text": "a"}}, "yaxis": {"title": {"text": "b"}}, "zaxis": {"title": {"text": "c"}}}}}""")]
    public void A_labelled_figure_is_good(string figure) =>
        Assert.Empty(FigureLabels.Unlabelled(JsonNode.Parse(figure)!.AsObject()));

    [Theory]
    [InlineData("title", "{\"text\": \" \"}", "a figure has no title")]
    [InlineData("xaxis", "{}", "the figure \"T\" has an axis without a label (xaxis)|the figure \"T\" has an axis without a "
        + "label (xaxis2)")]
    [InlineData("yaxis", "{\"title\": {\"text\": \"\"}}", "the figure \"T\" has an axis without a label (yaxis)")]
    public void A_figure_without_title_or_label_is_found(string part, string value, string findings)
    {
        var figure = JsonNode.Parse(Good)!.AsObject();
        figure["layout"]![part] = JsonNode.Parse(value);
        Assert.Equal(findings, string.Join('|', FigureLabels.Unlabelled(figure)));
    }

    [Fact]
    public void Figures_are_looked_for_in_the_executed_copy_of_the_same_code()
    {
        var repository = new Repository(_folder.Path);
        var notebook = Notebook("03-x", Code("Figure();"));
        var executed = Code("Figure();");
        executed["outputs"]!.AsArray().Add((JsonNode)new JsonObject
        {
            ["output_type"] = "display_data",
            ["metadata"] = new JsonObject(),
            ["data"] = new JsonObject { ["application/vnd.plotly.v1+json"] = JsonNode.Parse("""{"data": [{"type": "pie"}], "layout": {}}""") },
        });
        Assert.Empty(WorkbookLint.CheckFigures(repository, notebook));
        _folder.Write("artifacts/executed/03-x.ipynb", NotebookText.Of([executed]));
        Assert.Equal("a figure has no title", Assert.Single(WorkbookLint.CheckFigures(repository, notebook)).Message);
        Assert.Empty(WorkbookLint.CheckFigures(repository, Notebook("03-x", Code("Other();"))));
    }
}
