using System.Text.Json.Nodes;
using RealNvp.Workbook.Classroom;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Tests.Classroom;

/// <summary>A student's look at a handed-out notebook, in a folder that holds nothing else.</summary>
public sealed class ValidationTests : IDisposable
{
    private readonly Course _course = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _course.Dispose();
        _folder.Dispose();
    }

    private async Task<(int Code, string Text)> ValidateAsync(string notebook, string name = "1-small.ipynb")
    {
        using var output = new StringWriter();
        var code = await Validation.RunAsync(_course.Repository, _folder.Write(name, notebook), output, CancellationToken.None);
        Assert.Equal([name], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
        return (code, output.ToString());
    }

    [Fact]
    public async Task What_was_released_runs_in_any_folder()
    {
        var (code, text) = await ValidateAsync(_course.Notebook());
        Assert.Equal(1, code);
        Assert.Contains("✗ answer: is not answered yet", text, StringComparison.Ordinal);
        Assert.DoesNotContain("✗ setup", text, StringComparison.Ordinal);
        Assert.Contains("✗ scale: line 2: not answered yet", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task A_right_answer_is_right_whatever_ends_its_lines(string end)
    {
        var root = JsonNode.Parse(_course.Notebook(("answer", Course.Right), ("words", "Because.")))!;
        foreach (var cell in root["cells"]!.AsArray())
            cell!["source"] = NotebookFile.Text(cell["source"]).Replace("\n", end, StringComparison.Ordinal);
        var (code, text) = await ValidateAsync("\uFEFF" + root.ToJsonString(), "1-small (1).IPYNB");
        Assert.True(code == 0, text);
        Assert.Contains("✓ scale", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_missing_cell_is_named_with_what_looks_at_it(bool asNbgraderReleasedIt)
    {
        var root = JsonNode.Parse(_course.Notebook(("answer", null), ("part", null)))!;
        // nbgrader writes nothing of the assignment into a notebook: the checkout knows it.
        if (asNbgraderReleasedIt) ((JsonObject)root["metadata"]!).Remove("workbook");
        var (code, text) = await ValidateAsync(root.ToJsonString());
        Assert.Equal(1, code);
        Assert.Contains("✗ answer: this cell of 1-small is missing; it counts as not answered, and is what scale, logdet, part look "
            + "at", text, StringComparison.Ordinal);
        Assert.Contains("✗ part: this cell of 1-small is missing; it is put back", text, StringComparison.Ordinal);
        Assert.Contains("✗ scale: its answer, the cell answer, is missing", text, StringComparison.Ordinal);
        Assert.DoesNotContain("CS0103", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cell_that_is_there_twice_is_named()
    {
        var root = JsonNode.Parse(_course.Notebook(("answer", Course.Right)))!;
        root["cells"]!.AsArray().Add(root["cells"]![1]!.DeepClone());
        Assert.Contains("✗ answer: this cell of 1-small is there 2 times", (await ValidateAsync(root.ToJsonString())).Text,
            StringComparison.Ordinal);
    }
}
