using System.Text.Json.Nodes;
using RealNvp.Workbook.Lint;

namespace RealNvp.Workbook.Tests.Lint;

public sealed class NotebookLintTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// A notebook that lint has nothing to say about; its first code cell imports setup.csx, before those given.
    /// </summary>
    private static JsonObject Good(params JsonObject[] cells)
    {
        var first = Array.FindIndex(cells, cell => (string)cell["cell_type"]! == "code");
        cells = [.. cells[..first], Code("#!import \"setup.csx\""), .. cells[first..]];
        for (var i = 0; i < cells.Length; i++) cells[i]["id"] = $"c{i + 1}";
        var notebook = JsonNode.Parse("""
            {"nbformat": 4, "nbformat_minor": 5, "metadata": {
              "kernelspec": {"name": ".net-csharp", "language": "C#", "display_name": ".NET (C#)"}, "language_info": {"name": "C#"},
              "polyglot_notebook": {"kernelInfo": {"defaultKernelName": "csharp", "items": [{"aliases": [], "name": "csharp"}]}}}}
            """)!.AsObject();
        notebook["cells"] = new JsonArray([.. cells]);
        return notebook;
    }

    private static JsonObject Code(string source, string metadata = "")
    {
        var all = """{"dotnet_interactive": {"language": "csharp"}, "polyglot_notebook": {"kernelName": "csharp"}""" + (metadata.Length > 0 ? ", " : "") + metadata + "}";
        return new JsonObject
        {
            ["cell_type"] = "code",
            ["execution_count"] = null,
            ["metadata"] = JsonNode.Parse(all),
            ["outputs"] = new JsonArray(),
            ["source"] = source,
        };
    }

    private static JsonObject Words(string source) =>
        new() { ["cell_type"] = "markdown", ["metadata"] = new JsonObject(), ["source"] = source };

    private IReadOnlyList<string> Findings(JsonObject notebook, string name = "08-x.ipynb") =>
        [.. NotebookLint.Check(_folder.Write(name, notebook.ToJsonString())).Select(f => $"{f.Cell}: {f.Message}")];

    [Fact]
    public void Cells_that_are_too_deep_for_a_parser_are_findings()
    {
        var findings = Findings(Good(Words("# A title\n[no](#no)"), Words(string.Concat(Enumerable.Repeat("- ", 3000)) + "x"),
            Code("var a = 1;\nvar b = " + new string('(', 50_000)), Code("var a = 2;")));
        Assert.Contains("2: the text cannot be read: it is nested more than 128 levels deep", findings);
        Assert.Contains("4: at most 200 brackets may be open at once, line 2 of the code opens more", findings);
        Assert.Contains("1: the link #no leads to no heading of this notebook", findings);
    }

    [Fact]
    public void A_good_notebook_has_no_findings()
    {
        _folder.Write("there.md", "");
        Assert.Empty(Findings(Good(
            Words("# A title\n[there](there.md), [up](#A-title), [web](https://example.org/x)"),
            Code("var a = 1; int F(int n) => n;\nCheck.Close(\"F\", 1, F(1), 0);", "\"covers\": [\"10.27\"]"),
            Code("// Check.That(\"x\", true, \"\")\nforeach (var i in new[] { a }) { var a2 = i; }\nConsole.WriteLine(F(a));"),
            Code("var shown = F(2);", "\"covers\": [\"10.27\"]"),
            Code("var a = 2;", "\"tags\": [\"redefines\"]"))));
    }

    [Theory]
    [InlineData("nbformat_minor", "4", "0: nbformat 4.5 is expected, this is 4.4")]
    [InlineData("metadata.kernelspec.name", "\"csharp\"", "0: the kernelspec .net-csharp is expected in the metadata")]
    [InlineData("metadata.polyglot_notebook", "{}",
        "0: polyglot_notebook.kernelInfo with the default kernel csharp is expected in the metadata")]
    [InlineData("cells.0.id", "\"a b\"", "1: an id of 1 to 64 letters, digits, '-' and '_' is expected, not 'a b'")]
    [InlineData("cells.0.id", "\"c2\"", "2: the id 'c2' is cell 1's already")]
    [InlineData("cells.2.metadata", "{}",
        "3: polyglot_notebook.kernelName and dotnet_interactive.language are expected in a code cell's metadata")]
    [InlineData("cells.2.outputs", "[{}]", "3: a notebook is committed without outputs, this cell has some")]
    [InlineData("cells.2.execution_count", "3", "3: a notebook is committed without execution counts, this cell has one")]
    [InlineData("cells.0.outputs", "[]", "1: a markdown cell has no outputs and no execution_count")]
    [InlineData("cells.2.metadata.covers", "[\"99.9\"]", "3: `covers` names the statement 99.9, which does not exist")]
    [InlineData("cells.2.metadata.covers", "[\"10.17\"]", "3: the statement 10.17 belongs to chapter 05")]
    [InlineData("cells.0.metadata.covers", "[\"10.27\"]", "1: `covers` belongs to a code cell that asserts the statement")]
    [InlineData("cells.2.metadata.covers", "\"10.27\"", "3: `covers` is a list of statement ids")]
    [InlineData("cells.1.source", "\"#!import \\\"../setup.csx\\\"\"",
        "2: the first code cell is #!import \"setup.csx\", which brings the library, and nothing else")]
    [InlineData("cells.2.source", "\"Check.That(\\\"it holds\\\", true, \\\"\\\");\"",
        "3: Check.That(..., true, ...) holds whatever happens")]
    [InlineData("cells.0.source", "\"[x](nowhere.md)\"", "1: the link nowhere.md leads to no file")]
    [InlineData("cells.0.source", "\"[x](#nowhere)\"", "1: the link #nowhere leads to no heading of this notebook")]
    [InlineData("cells.0.source", "\"![x](attachment:a.png)\"", "1: attachment:a.png is not attached to the cell")]
    public void Every_slip_is_found(string path, string value, string finding)
    {
        var notebook = Good(Words("text"), Code("Check.Close(\"one\", 1, x, 0);"));
        JsonNode node = notebook;
        var steps = path.Split('.');
        foreach (var step in steps[..^1]) node = int.TryParse(step, out var i) ? node[i]! : node[step]!;
        node[steps[^1]] = JsonNode.Parse(value);
        Assert.Equal([finding], Findings(notebook));
    }

    [Fact]
    public void A_long_cell_is_found() =>
        Assert.Equal(["2: a cell has at most 40 lines, this one has 41"],
        Findings(Good(Code(string.Join('\n', Enumerable.Repeat("F();", 41))))));

    [Fact]
    public void A_long_line_is_found() =>
        Assert.Equal(["2: a line of code has at most 110 characters, line 2 has 111"],
        Findings(Good(Code("F();\n" + new string('x', 111) + "\n" + new string('x', 110)))));

    [Theory]
    [InlineData("Console.WriteLine(\"Check.Close(1, 1)\"); // Check.Close(\"a\", 1, 1, 0);")]
    [InlineData("Checks.Close(\"a\", 1, 1, 0);")]
    public void A_covering_cell_that_asserts_nothing_is_found(string code) =>
        Assert.Equal(["2: the cell covers the statement 10.27 and asserts nothing, nor does another that covers it: a call of "
        + "Check is expected"],
            Findings(Good(Code(code, "\"covers\": [\"10.27\"]"),
            Code("Check.Close(\"a\", 1, x, 0);", "\"covers\": [\"10.28\"]"))));

    [Theory]
    [InlineData("var x = 1;", "double x = 2;", "x")]
    [InlineData("int F() => 1;", "int F(int n) => n;", "F")]
    [InlineData("record P(int A);", "class P { }", "P")]
    [InlineData("var (a, b) = (1, 2);", "int b = 3;", "b")]
    public void A_name_that_two_cells_define_is_found(string first, string second, string name) =>
        Assert.Equal([$"3: {name} is defined in cell 2 already; give it another name, or the cell the tag 'redefines'"],
        Findings(Good(Code(first), Code(second))));

    [Theory]
    [InlineData("var s = torch.stack(xs.Select(x => f(x)));", "stack", "Select")]
    [InlineData("var s = 2 * stack(Enumerable.Range(0, 3).Select(k =>\n    f(k)).Where(t => t is not null), 1).mean();", "stack",
        "Where")]
    [InlineData("var (g, h) = (meshgrid(Enumerable.Repeat(x, 2), \"ij\"), stack([x, y]));", "meshgrid", "Repeat")]
    public void Joining_a_lazy_sequence_of_tensors_is_found(string code, string join, string last) =>
        Assert.Equal([$"2: {join} of a lazy sequence: on TorchSharp its tensors may be freed before they are joined; "
        + $".ToArray() after {last}(...) keeps them"], Findings(Good(Code(code))));

    [Theory]
    [InlineData("var s = stack(xs.Select(x => f(x)).ToArray());")]
    [InlineData("var s = stack([.. xs.Select(x => f(x))], 1);")]
    [InlineData("var s = stack(x.chunk(3));")]
    [InlineData("var s = xs.Select(x => stack([x, x])).ToArray();")]
    public void Joining_tensors_that_are_kept_is_fine(string code) => Assert.Empty(Findings(Good(Code(code))));
}
