using RealNvp.Workbook.Execution;
using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Tests.Execution;

/// <summary>What ends the process of a notebook that runs without a reader: the run says which cell it was, and why.</summary>
public sealed class CellEndTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private async Task<RunSummary> RunAsync(RunOptions? options, params string[] cells)
    {
        SetupScript.Write(new Repository(_folder.Path), AppContext.BaseDirectory);
        var notebook = _folder.Write("notebooks/n.ipynb", NotebookText.Of(cells));
        return await NotebookRunner.RunAsync(notebook, _folder["out.ipynb"], options);
    }

    [Theory]
    [InlineData("using TorchSharp;\ntorch.ones(2, 3).matmul(torch.ones(2, 3))",
        "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)")]
    [InlineData("int Deep(int n) => Deep(n + 1) + Deep(n + 2);\nDeep(0)", "the stack overflowed, as endless recursion makes it")]
    [InlineData("new System.Threading.Thread(() => throw new Exception(\"on a thread\")).Start(); while (true) ;",
        "System.Exception: on a thread")]
    public async Task The_words_of_the_runtime_or_of_libtorch_are_told_without_frames(string code, string words)
    {
        var summary = await RunAsync(null, "#!import \"setup.csx\"", code);
        Assert.Equal([CellOutcome.Succeeded, CellOutcome.Crashed], summary.Cells.Select(cell => cell.Outcome));
        Assert.StartsWith("the process ended while running cell 2: ", summary.Error!.Message);
        Assert.EndsWith(words, summary.Error.Message);
        Assert.DoesNotContain("frame #", File.ReadAllText(summary.OutputPath));
    }

    [Theory]
    [InlineData("await Task.Delay(1); while (true) ;")]
    [InlineData("System.Threading.Thread.Sleep(System.Threading.Timeout.Infinite);")]
    public async Task A_cell_that_is_stopped_stops_where_it_is(string code)
    {
        var summary = await RunAsync(
            new RunOptions { CellTimeout = TimeSpan.FromSeconds(10), StopGrace = TimeSpan.FromMinutes(1) }, "var x = 1;\n"
            + code);
        Assert.Equal((CellOutcome.TimedOut, 2), (summary.Cells[0].Outcome, summary.Error!.Line));
        Assert.Equal("the cell ran longer than its limit of 10 s", summary.Error.Message);
    }
}
