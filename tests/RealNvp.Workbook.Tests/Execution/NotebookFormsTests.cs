using System.Text;
using System.Text.Json.Nodes;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Tests.Execution;

/// <summary>Notebooks as other programs write them: what opens elsewhere is read here.</summary>
public sealed class NotebookFormsTests : IDisposable
{
    private const string Code = "1 + 1 // é 😀";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Write(byte[] content)
    {
        File.WriteAllBytes(_folder["n.ipynb"], content);
        return _folder["n.ipynb"];
    }

    /// <summary>A notebook whose only cell has these outputs, in JSON or what is taken for it.</summary>
    private static string With(string outputs) => NotebookText.Of(Code).Replace("\"outputs\":[]", $"\"outputs\":{outputs}",
        StringComparison.Ordinal);

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-32", true)]
    [InlineData("utf-8", false)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", false)]
    public void Any_encoding_of_Unicode_is_read(string name, bool mark)
    {
        var encoding = Encoding.GetEncoding(name);
        var cell = Assert.Single(NotebookFile.Read(Write([.. mark ? encoding.GetPreamble() : [],
            .. encoding.GetBytes(NotebookText.Of(Code))])).Cells);
        Assert.Equal(Code, cell.Source);
    }

    [Theory]
    [InlineData("\0\0\0")]
    [InlineData("\r\n\u001a")]
    public void What_systems_put_after_a_text_is_no_part_of_it(string end) =>
        Assert.Single(NotebookFile.Read(Write(Encoding.UTF8.GetBytes(NotebookText.Of(Code) + end))).Cells);

    public static TheoryData<string> Outputs() =>
    [
        """[{"data": {"application/json": NaN}}]""", """[{"data": [-Infinity, Infinity, NaN]}]""",
        Nested(80), Nested(5000), Nested(1_000_000), """[{"a": 1, "a": 2}]""", """[{"text": "\ud800"}, {"\udc00": 1}]""",
        "[1e999999, 123456789012345678901234567890]", "[{\"text\": \"a\\\"]}[\"}]", "{}", "[[[}}}", "[undefined, 'x', 1,,]",
        "[\"a\u0001b\"]", "null",
    ];

    [Theory]
    [MemberData(nameof(Outputs))]
    public void Outputs_that_are_thrown_away_cannot_hurt(string outputs)
    {
        var notebook = NotebookFile.Read(Write(Encoding.UTF8.GetBytes(With(outputs))));
        Assert.Equal(Code, Assert.Single(notebook.Cells).Source);
        Assert.Equal(5, NotebookFile.Number(notebook.Root["nbformat_minor"]));
    }

    [Fact]
    public void Outputs_that_are_wanted_are_read_as_far_as_they_can_be()
    {
        var read = NotebookFile.ReadExecuted(Write(Encoding.UTF8.GetBytes(With(
            "[{\"text\": [\"\\ud800\", \"NaN\"], \"data\": {\"a\": [NaN, -Infinity, -1.5, " + Nested(80) + "]}}]"))));
        var output = read.Cells[0].Json["outputs"]![0]!;
        Assert.Equal("\uFFFDNaN", NotebookFile.Text(output["text"]));
        Assert.Equal($"[null,null,-1.5,{Nested(80)}]", output["data"]!["a"]!.ToJsonString());
    }

    [Fact]
    public void An_error_names_the_line_past_outputs_that_are_left_out()
    {
        var text = With("[\n1,\n2\n]") + "\nx";
        var error = Assert.Throws<UserException>(() => NotebookFile.Read(Write(Encoding.UTF8.GetBytes(text))));
        Assert.Contains("(line 5, column 1)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "this file is empty")]
    [InlineData("\uFEFF \0", "this file is empty")]
    [InlineData("""{"nbformat": 4, "metadata": [1], "cells": [5]}""", "has a list of cells")]
    [InlineData("""{"nbformat": NaN, "cells": []}""", "no nbformat")]
    [InlineData("""{"nbformat": 1e999, "cells": []}""", "no nbformat")]
    [InlineData("""{"nbformat": 4, "cells": [{"cell_type": "\u001b[2J"}]}""", "has the type '\\u001b[2J'")]
    public void What_is_no_notebook_is_one_line(string text, string reason)
    {
        var error = Assert.Throws<UserException>(() => NotebookFile.Read(Write(Encoding.UTF8.GetBytes(text))));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }

    [Fact]
    public void What_is_nested_too_deep_where_it_counts_is_one_line()
    {
        var text = NotebookText.Of(Code).Replace("\"metadata\":{}", "\"metadata\":{\"x\":" + Nested(100_000) + "}",
            StringComparison.Ordinal);
        Assert.Contains("nested deeper than 512", Assert.Throws<UserException>(() =>
            NotebookFile.Read(Write(Encoding.UTF8.GetBytes(text)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_cells_than_anybody_writes_are_refused_before_they_take_memory()
    {
        var text = $"{{\"nbformat\": 4, \"cells\": [{string.Join(',', Enumerable.Repeat("{}", 3_000_000))}]}}";
        Assert.Contains("more than 20000 cells", Assert.Throws<UserException>(() =>
            NotebookFile.Read(Write(Encoding.UTF8.GetBytes(text)))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"tags\": {\"a\": 1}, \"polyglot_notebook\": [], \"nbgrader\": 5}")]
    public void Metadata_of_another_kind_say_nothing(string metadata)
    {
        var text = NotebookText.Of(Code).Replace("\"metadata\":{}", $"\"metadata\":{metadata}", StringComparison.Ordinal);
        var cell = Assert.Single(NotebookFile.Read(Write(Encoding.UTF8.GetBytes(text))).Cells);
        Assert.True(cell.HasSomethingToRun);
        Assert.Equal(Code, cell.Submission);
        text = NotebookText.Of(Code).Replace("\"kernelspec\"", "\"other\"", StringComparison.Ordinal)
            .Replace("\"metadata\":{\"other\"", $"\"metadata\":{metadata},\"x\":{{\"other\"", StringComparison.Ordinal);
        Assert.Single(NotebookFile.Read(Write(Encoding.UTF8.GetBytes(text))).Cells);
    }

    [Theory]
    [InlineData("a\r\nb\rc\n", "a\nb\nc\n")]
    [InlineData("a\u2028b", "a\u2028b")]
    public void Every_end_of_a_line_is_one(string source, string read)
    {
        var path = Write(Encoding.UTF8.GetBytes(NotebookText.Of(source)));
        Assert.Equal(read, NotebookFile.Read(path).Cells[0].Source);
        var lines = NotebookText.Code("c", "");
        lines["source"] = new JsonArray([.. source.Select(c => (JsonNode)c.ToString())]);
        Assert.Equal(read, NotebookFile.Read(Write(Encoding.UTF8.GetBytes(NotebookText.Of([lines])))).Cells[0].Source);
    }

    [Fact]
    public async Task A_run_of_such_a_notebook_writes_one_that_the_standard_knows()
    {
        var text = With("[{\"data\": NaN, \"deep\": " + Nested(5000) + "}]")
            .Replace("\"metadata\":{}", "\"metadata\":{\"x\":NaN}", StringComparison.Ordinal);
        byte[] content = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)];
        var summary = await NotebookRunner.RunAsync(Write(content), _folder["out.ipynb"]);
        Assert.Null(summary.Error);
        var copy = JsonNode.Parse(File.ReadAllBytes(summary.OutputPath))!;
        Assert.Equal("2", (string)copy["cells"]![0]!["outputs"]![0]!["data"]!["text/plain"]![0]!);
        Assert.Null(copy["cells"]![0]!["metadata"]!["x"]);
    }

    [Fact]
    public void A_pipe_or_a_folder_is_no_notebook()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "pipes have no names in folders there");
        var pipe = _folder["p.ipynb"];
        Assert.Equal(0, RealNvp.Workbook.Setup.Tool.Capture("mkfifo", [pipe], TimeSpan.FromSeconds(10)).ExitCode);
        Assert.Contains("a pipe, not a plain file", Assert.Throws<UserException>(() => NotebookFile.Read(pipe)).Message,
            StringComparison.Ordinal);
        Assert.Contains("a folder, not a plain file", Assert.Throws<UserException>(() => NotebookFile.Read(_folder.Path)).Message,
            StringComparison.Ordinal);
    }
}
