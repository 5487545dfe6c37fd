using System.Text.Json;
using System.Text.Json.Nodes;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Tests.Execution;

public sealed partial class NotebookFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<RunSummary> RunAsync(string path, string? output = null) =>
        NotebookRunner.RunAsync(path, output ?? _folder["out.ipynb"]);

    [Theory]
    [InlineData("not json", "this is not JSON (line 1, column 2)")]
    [InlineData("{\"cells\": [}", "this is not JSON")]
    [InlineData("[1, 2]", "this JSON has no nbformat")]
    [InlineData("{\"cells\": []}", "this JSON has no nbformat")]
    [InlineData("{\"nbformat\": 3, \"worksheets\": []}", "this is nbformat 3")]
    [InlineData("{\"nbformat\": 4, \"cells\": 5}", "this one has none")]
    [InlineData("{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"heading\"}]}", "cell 1 has the type 'heading'")]
    [InlineData("{\"nbformat\": 4, \"nbformat\": 4, \"cells\": []}", "this is not JSON")]
    [InlineData("{\"nbformat\": 4, \"metadata\": {\"kernelspec\": {\"name\": \"python3\", \"language\": \"python\"}}, "
        + "\"cells\": []}", "this one is for the kernel python3")]
    public async Task What_is_not_a_notebook_is_refused_in_one_line(string text, string reason)
    {
        var path = _folder.Write("bad.ipynb", text);
        var error = await Assert.ThrowsAsync<UserException>(() => RunAsync(path));
        Assert.StartsWith(path + ": ", error.Message);
        Assert.Contains(reason, error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.False(File.Exists(_folder["out.ipynb"]));
    }

    [Fact]
    public async Task A_missing_notebook_is_named()
    {
        var error = await Assert.ThrowsAsync<UserException>(() => RunAsync(_folder["none.ipynb"]));
        Assert.Equal($"{_folder["none.ipynb"]}: there is no such notebook", error.Message);
    }

    [Fact]
    public async Task An_output_that_cannot_be_written_is_found_before_the_run()
    {
        var path = _folder.Write("n.ipynb", NotebookText.Of("System.IO.File.WriteAllText(\"ran\", \"\");"));
        _folder.Write("file", "");
        Directory.CreateDirectory(_folder["folder"]);
        foreach (var output in (string[])[_folder["file/out.ipynb"], _folder["folder"], path])
            Assert.StartsWith(output + ": ", (await Assert.ThrowsAsync<UserException>(() => RunAsync(path, output))).Message);
        Assert.False(File.Exists(_folder["ran"]));
        Assert.Equal(NotebookText.Of("System.IO.File.WriteAllText(\"ran\", \"\");"), File.ReadAllText(path));
    }

    [Fact]
    public async Task Every_field_that_a_run_does_not_change_is_kept()
    {
        const string Text = """
            {
             "cells": [
              {"cell_type": "raw", "id": "r", "metadata": {"format": "text/latex"}, "source": ["\\alpha\n", "β \ud83d\ude00"]},
              {"cell_type": "markdown", "id": "m", "metadata": {"x": {"y": [1.50, 1e400, null, true]}}, "attachments": {"a.png": {"image/png": "AAAA"}}, "source": "![a](attachment:a.png)"},
              {"cell_type": "code", "id": "k", "execution_count": 9, "metadata": {"covers": ["10.17"], "big": 12345678901234567890123}, "outputs": [{"output_type": "stream", "name": "stdout", "text": "old"}], "source": ["1 + 1"], "unknown": "kept"}
             ],
             "metadata": {"kernelspec": {"name": ".net-csharp", "language": "C#", "display_name": "x"}, "zzz": "<&>'\u2028"},
             "nbformat": 4, "nbformat_minor": 5, "extra": [{}]
            }
            """;
        var summary = await RunAsync(_folder.Write("n.ipynb", Text));
        Assert.Null(summary.Error);
        using var before = JsonDocument.Parse(Text);
        var copy = JsonNode.Parse(File.ReadAllText(summary.OutputPath))!;
        Assert.Equal("2", (string)copy["cells"]![2]!["outputs"]![0]!["data"]!["text/plain"]![0]!);
        Assert.Equal(1, (int)copy["cells"]![2]!["execution_count"]!);
        copy["cells"]![2]!["execution_count"] = 9;
        copy["cells"]![2]!["outputs"] = JsonNode.Parse("""[{"output_type": "stream", "name": "stdout", "text": "old"}]""");
        using var after = JsonDocument.Parse(copy.ToJsonString());
        Assert.True(JsonElement.DeepEquals(before.RootElement, after.RootElement));
        Assert.Contains("12345678901234567890123", File.ReadAllText(summary.OutputPath));
        Assert.Contains("1e400", File.ReadAllText(summary.OutputPath));
    }

    [Fact]
    public async Task An_older_notebook_becomes_4_5_with_ids()
    {
        var path = _folder.Write("n.ipynb", """
            {"cells": [{"cell_type": "markdown", "metadata": {}, "source": "a"}, {"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], "source": ""}],
             "metadata": {}, "nbformat": 4, "nbformat_minor": 2}
            """);
        var summary = await RunAsync(path);
        var copy = JsonNode.Parse(File.ReadAllText(summary.OutputPath))!;
        Assert.Equal(5, (int)copy["nbformat_minor"]!);
        Assert.Equal(["cell-1", "cell-2"], copy["cells"]!.AsArray().Select(cell => (string)cell!["id"]!));
        Assert.Equal(CellOutcome.Skipped, Assert.Single(summary.Cells).Outcome);
    }

    [Fact]
    public async Task A_link_at_the_output_is_replaced_and_not_followed()
    {
        var path = _folder.Write("n.ipynb", NotebookText.Of("1"));
        var victim = _folder.Write("victim", "precious");
        File.CreateSymbolicLink(_folder["out.ipynb"], victim);
        await RunAsync(path);
        Assert.Equal("precious", File.ReadAllText(victim));
        Assert.Null(new FileInfo(_folder["out.ipynb"]).LinkTarget);
        Assert.Equal(["n.ipynb", "out.ipynb", "victim"], Directory.EnumerateFileSystemEntries(_folder.Path)
            .Select(Path.GetFileName).Order());
    }
}
