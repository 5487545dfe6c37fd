using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Tests.Execution;

/// <summary>A value has a limit, as what is printed has.</summary>
public sealed class MimeBundleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Plain_text_is_cut_and_anything_else_is_left_out()
    {
        var bundle = new Dictionary<string, string>();
        MimeBundle.Add(bundle, "text/plain", new string('a', MimeBundle.MostText + 7));
        Assert.Equal(new string('a', MimeBundle.MostText) + "\n... (7 more characters are left out)", bundle["text/plain"]);
        bundle.Clear();
        MimeBundle.Add(bundle, "text/html", new string('a', MimeBundle.Most + 1));
        Assert.Equal(["text/plain"], bundle.Keys);
        Assert.Contains("as text/html is left out", bundle["text/plain"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_keeps_no_more_of_a_value_than_that()
    {
        var path = _folder.Write("n.ipynb", NotebookText.Of("new string('a', 30_000_000)",
            "throw new System.Exception(new string('b', 30_000_000));"));
        var summary = await NotebookRunner.RunAsync(path, _folder["out.ipynb"]);
        Assert.NotNull(summary.Error);
        Assert.InRange(new FileInfo(summary.OutputPath).Length, MimeBundle.MostText, MimeBundle.MostText + 200_000);
    }
}
