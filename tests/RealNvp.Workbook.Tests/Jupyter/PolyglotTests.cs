using System.Text.Json.Nodes;
using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Tests.Jupyter;

/// <summary>
/// Chapters in the C# kernel of Polyglot Notebooks (the tool Microsoft.dotnet-interactive), as a Jupyter client runs them.
/// </summary>
public sealed class PolyglotTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("00")]
    [InlineData("02")]
    [InlineData("05")]
    [InlineData("07")]
    [InlineData("09")]
    public void A_chapter_runs_whole_and_shows_its_figures(string number)
    {
        PolyglotTool.SkipUnlessThere();
        var repository = Repository.Find();
        SetupScript.Write(new Repository(_folder.Path), AppContext.BaseDirectory);
        var chapter = repository.Resolve([number])[0];
        var notebook = _folder.Write($"notebooks/{Path.GetFileName(chapter)}", File.ReadAllText(chapter));

        var cells = PolyglotTool.Run(notebook, _folder.Path, new Dictionary<string, string?>
        {
            ["WORKBOOK_DATA"] = repository.Data,
            ["WORKBOOK_BUDGET"] = "quick",
        });

        Assert.All(cells, cell => Assert.True((string)cell!["error"]! + (string)cell["stderr"]! == "", cell.ToJsonString()));
        Assert.All(cells, cell => Assert.Equal((int)cell!["html"]!, cell["figures"]!.AsArray().Count));
        JsonNode[] figures = [.. cells.SelectMany(cell => cell!["figures"]!.AsArray()).Select(figure => figure!)];
        Assert.NotEmpty(figures);
        Assert.All(figures, figure => Assert.NotEmpty(figure["data"]!.AsArray()));
    }
}
