using System.Text.Json.Nodes;
using RealNvp.Workbook.Classroom;
using RealNvp.Workbook.Tests.Execution;

namespace RealNvp.Workbook.Tests.Classroom;

public sealed class AssignmentTests : IDisposable
{
    private readonly Course _course = new();

    public void Dispose() => _course.Dispose();

    [Fact]
    public void What_is_handed_out_has_no_solution_no_hidden_test_and_no_output()
    {
        var text = _course.Assignment.ToRelease().ToJsonString();
        Assert.DoesNotContain("SOLUTION", text, StringComparison.Ordinal);
        Assert.DoesNotContain("HIDDEN", text, StringComparison.Ordinal);
        Assert.DoesNotContain("x itself was changed", text, StringComparison.Ordinal);
        Assert.DoesNotContain("torch.full(x.shape[0]", text, StringComparison.Ordinal);
        Assert.DoesNotContain("triangular", text, StringComparison.Ordinal);
        Assert.Contains("multiply by exp(s)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Given_cells_are_locked_and_every_cell_has_the_checksum_of_its_new_text()
    {
        var cells = _course.Assignment.ToRelease()["cells"]!.AsArray();
        Assert.All(cells, c => Assert.False((bool)c!["metadata"]!["deletable"]!));
        Assert.Equal([false, null, false, false, false, null], cells.Select(c => (bool?)c!["metadata"]!["editable"]));
        Assert.All(cells, c => Assert.Equal(32, ((string)c!["metadata"]!["nbgrader"]!["checksum"]!).Length));
    }

    /// <summary>The worked example: MD5 of "1code" + "TrueFalseTrue" + "q" + "2.0", as Python computes it.</summary>
    [Fact]
    public void Checksums_are_nbgraders()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.ipynb", NotebookText.Of([Course.Cell("q", true, false, 2, "1")]));
        var cell = Assert.Single(Assignment.Read(path).Cells);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData("1codeTrueFalseTrueq2.0"u8)),
            cell.Checksum("1"));
    }

    [Theory]
    [InlineData("// BEGIN SOLUTION\nint F() => 1;", "BEGIN SOLUTION without an END")]
    [InlineData("// END SOLUTION\nint F() => 1;", "END SOLUTION without a BEGIN")]
    [InlineData("int F() => 1;", "an answer cell without a solution")]
    [InlineData("var x = 1;\nint F()\n{\n    // BEGIN SOLUTION\n    return 1;\n    // END SOLUTION\n}",
        "expected functions only")]
    [InlineData("void F()\n{\n    // BEGIN SOLUTION\n    // END SOLUTION\n}", "returns nothing")]
    [InlineData("int F(out int x)\n{\n    // BEGIN SOLUTION\n    // END SOLUTION\n}", "a parameter with a modifier")]
    [InlineData("int F(\n{\n    // BEGIN SOLUTION\n    // END SOLUTION\n}", "line ")]
    public void An_answer_cell_that_can_not_be_graded_is_refused(string source, string problem) =>
        Assert.Contains(Problems(Course.Cell("a", false, true, null, source), Course.Cell("t", true, false, 1, "1")), p =>
            p.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public void Whatever_would_leak_or_break_the_schema_is_refused()
    {
        var leak = Course.Cell("leak", false, false, null, "// BEGIN HIDDEN TESTS\n// END HIDDEN TESTS");
        var bad = Course.Cell("bad id", true, false, -1, "1");
        bad["metadata"]!["nbgrader"]!["extra"] = 1;
        bad["metadata"]!["nbgrader"]!["locked"] = "yes";
        var twice = Course.Cell("t", true, false, 1, "1");
        var problems = Problems(leak, bad, twice, (JsonObject)twice.DeepClone(), NotebookText.Code("plain", "1"),
            Course.Cell("m", true, false, 1, "words", "markdown"));
        foreach (var expected in new[] { "hidden tests outside", "grade_id: expected letters", "points: expected a number",
            "unknown key extra", "locked: expected true or false", "used twice", "on every code cell",
            "a markdown cell is graded by hand" })
            Assert.Contains(problems, p => p.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Stand_ins_have_the_contracts_signatures()
    {
        var code = AnswerFunctions.StandIns("(Tensor Z, double? S) F(Tensor x, int[] k = null)\n{\n    return default;\n}");
        Assert.Contains("(Tensor Z, double? S) F(Tensor x, int[] k = null) => __Ask<(Tensor Z, double? S)>(\"F\", "
            + "\"System.Func<Tensor, int[], (Tensor Z, double? S)>\", new object?[] { x, k });", code, StringComparison.Ordinal);
    }

    private static List<string> Problems(params JsonObject[] cells)
    {
        using var folder = new TemporaryFolder();
        return [.. Assignment.Read(folder.Write("a.ipynb", NotebookText.Of(cells))).Problems()];
    }
}
