using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Tests.Execution;

/// <summary>What the workbook's kernel adds to those of the interactive library.</summary>
[Collection("console")]
public sealed class MagicCommandTests : IDisposable
{
    private readonly CompositeKernel _kernel = CellKernel.Create();

    public void Dispose() => _kernel.Dispose();

    private async Task<(string MimeType, string Value)> ShownAsync(string code)
    {
        var result = await _kernel.SendAsync(new SubmitCode(code));
        Assert.Empty(result.Events.OfType<CommandFailed>());
        var shown = Assert.Single(result.Events.OfType<DisplayedValueProduced>()).FormattedValues.Single();
        return (shown.MimeType, shown.Value);
    }

    [Fact]
    public async Task Time_tells_how_long_the_rest_of_the_cell_took()
    {
        var (mimeType, text) = await ShownAsync("#!time\nawait System.Threading.Tasks.Task.Delay(30);");
        Assert.Equal("text/plain", mimeType);
        Assert.Matches(@"^Wall time: [\d.]+ms$", text);
        Assert.InRange(double.Parse(text["Wall time: ".Length..^2], System.Globalization.CultureInfo.InvariantCulture), 20,
            60_000);
    }

    [Fact]
    public async Task The_directives_are_listed()
    {
        var (_, text) = await ShownAsync("#!lsmagic");
        Assert.All((string[])["#!time", "#!import", "#!who", "#!lsmagic"], name => Assert.Contains(name, text));
    }

    [Theory]
    [InlineData("#!markdown\n# title\ntext", "text/markdown", "# title\ntext")]
    [InlineData("#!html\n<b>1</b>", "text/html", "<b>1</b>")]
    [InlineData("#!mermaid\ngraph LR\nA-->B", "text/plain", "graph LR\nA-->B")]
    public async Task The_rest_of_a_cell_is_shown_as_text(string code, string mimeType, string text)
    {
        var shown = await ShownAsync(code);
        Assert.Equal((mimeType, text), (shown.MimeType, shown.Value.Trim()));
    }
}
