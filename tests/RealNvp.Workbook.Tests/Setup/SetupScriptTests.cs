using RealNvp.Workbook.Execution;
using RealNvp.Workbook.Tests.Execution;

namespace RealNvp.Workbook.Tests.Setup;

/// <summary>A notebook in a folder of its own, as one that was handed out, runs with the checkout's setup.csx.</summary>
public sealed class SetupScriptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SetupScriptTests()
    {
        _folder.Write("checkout/RealNvp.Notebooks.sln", "");
        _folder.Write("checkout/notebooks/setup.csx", "var fromSetup = 41;");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("setup.csx", false, "42")]
    [InlineData("../setup.csx", false, "42")]
    [InlineData("setup.csx", true, "2")]
    public async Task The_script_beside_the_notebook_comes_first(string named, bool isBeside, string result)
    {
        if (isBeside) _folder.Write("handout/setup.csx", "var fromSetup = 1;");
        var path = _folder.Write("handout/n.ipynb", NotebookText.Of($"#!import \"{named}\"\r\n", "fromSetup + 1"));
        var summary = await NotebookRunner.RunAsync(path, _folder["out.ipynb"], new RunOptions
        {
            Environment = new Dictionary<string, string?> { ["WORKBOOK_ROOT"] = _folder["checkout"] }
        });
        Assert.True(summary.Error is null, summary.Error?.Message);
        Assert.Contains($"\"{result}\"", File.ReadAllText(summary.OutputPath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_file_that_is_not_there_is_missed()
    {
        var path = _folder.Write("handout/n.ipynb", NotebookText.Of("#!import \"helpers.csx\""));
        Assert.NotNull((await NotebookRunner.RunAsync(path, _folder["out.ipynb"])).Error);
    }
}
