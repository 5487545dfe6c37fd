using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;

namespace DotNetInteractive.Tests;

public class LanguageTests
{
    /// <summary>The completions at the mark `|`.</summary>
    private static async Task<CompletionsProduced> CompleteAsync(Cells cells, string marked)
    {
        var (code, position) = Position(marked);
        return (await cells.Kernel.SendAsync(new RequestCompletions(code, position))).Events.OfType<CompletionsProduced>().Single();
    }

    private static (string Code, LinePosition Position) Position(string marked)
    {
        var before = marked[..marked.IndexOf('|')];
        return (marked.Replace("|", ""), new LinePosition(before.Count(c => c == '\n'), before.Length - (before.LastIndexOf('\n') + 1)));
    }

    [Theory]
    [InlineData("text.Spl|", "Split")]
    [InlineData("text.|", "Length")]
    [InlineData("text?.Tr|", "Trim")]
    [InlineData("numbers.Sel|", "Select")]
    [InlineData("Console.Wri|", "WriteLine")]
    [InlineData("System.Text.Js|", "Json")]
    [InlineData("using System.Te|", "Text")]
    [InlineData("numb|", "numbers")]
    [InlineData("int local = 1; { loc|", "local")]
    [InlineData("var a = 1;\ntext\n  .ToUp|\n", "ToUpper")]
    [InlineData("fore|", "foreach")]
    [InlineData("disp|", "display")]
    [InlineData("#!wh|", "#!who")]
    [InlineData("#!time\ntext.Rem|", "Remove")]
    [InlineData("void F(int parameter) { param|", "parameter")]
    [InlineData("new List<int>().Cou|", "Count")]
    [InlineData("DayOfWeek.Mon|", "Monday")]
    public async Task The_name_that_fits_is_offered(string marked, string expected)
    {
        using var cells = new Cells();
        await cells.ResultAsync("var text = \"\"; var numbers = new List<int>();");
        Assert.Contains(expected, (await CompleteAsync(cells, marked)).Completions.Select(item => item.InsertText));
    }

    [Theory]
    [InlineData("\"text.Spl|\"")]
    [InlineData("// text.Spl|")]
    [InlineData("text.Nothing|")]
    public async Task Nothing_is_offered_where_nothing_fits(string marked)
    {
        using var cells = new Cells();
        await cells.ResultAsync("var text = \"\";");
        Assert.Empty((await CompleteAsync(cells, marked)).Completions);
    }

    [Fact]
    public async Task An_offer_names_what_it_replaces_and_its_signature()
    {
        using var cells = new Cells();
        var produced = await CompleteAsync(cells, "\n  Math.Sqr|");
        Assert.Equal(new LinePositionSpan(new LinePosition(1, 7), new LinePosition(1, 10)), produced.LinePositionSpan);
        var item = Assert.Single(produced.Completions);
        Assert.Equal(("Sqrt", "Method", "double Math.Sqrt(double d)"), (item.DisplayText, item.Kind, item.Documentation));
    }

    [Fact]
    public async Task Completion_answers_while_a_cell_runs()
    {
        using var cells = new Cells();
        var run = cells.RunAsync("await Task.Delay(-1);");
        await Task.Delay(100);
        Assert.NotEmpty((await CompleteAsync(cells, "Math.|").WaitAsync(TimeSpan.FromSeconds(30))).Completions);
        Assert.False(run.IsCompleted);
        await cells.Kernel.SendAsync(new Cancel());
        await run;
    }

    [Theory]
    [InlineData("Math.Sq|rt(2)", "double Math.Sqrt(double d)", "square root")]
    [InlineData("Math.Sqrt(|)", "double Math.Sqrt(double d)", "square root")]
    [InlineData("Twi|ce(1)", "int Twice(int n)", "")]
    [InlineData("var z = numb|ers;", "List<int> numbers", "")]
    public async Task Hover_shows_the_signature_and_the_documentation(string marked, string signature, string documentation)
    {
        using var cells = new Cells();
        await cells.ResultAsync("int Twice(int n) => 2 * n; var numbers = new List<int>();");
        var (code, position) = Position(marked);
        var produced = (await cells.Kernel.SendAsync(new RequestHoverText(code, position))).Events.OfType<HoverTextProduced>().Single();
        var text = produced.Content.Single(value => value.MimeType == "text/plain").Value;
        Assert.Contains(signature, text);
        Assert.Contains(documentation, text);
    }

    [Theory]
    [InlineData("Twice(|", "int Twice(int n, double by = 1)", 0, "n, by")]
    [InlineData("Twice(1, |)", "int Twice(int n, double by = 1)", 1, "n, by")]
    [InlineData("\"a\".Substring(1, |", "string string.Substring(int startIndex, int length)", 1, "startIndex, length")]
    [InlineData("new DateTime(|)", "DateTime.DateTime()", 0, "")]
    [InlineData("Math.Max(Twice(1), |)", "int Math.Max(int val1, int val2)", 1, "val1, val2")]
    public async Task The_overloads_of_a_call_are_told_with_the_argument_that_is_next(string marked, string signature, int parameter, string parameters)
    {
        using var cells = new Cells();
        await cells.ResultAsync("int Twice(int n, double by = 1) => 2 * n;");
        var (code, position) = Position(marked);
        var produced = (await cells.Kernel.SendAsync(new RequestSignatureHelp(code, position))).Events.OfType<SignatureHelpProduced>().Single();
        Assert.Equal(parameter, produced.ActiveParameterIndex);
        var told = Assert.Single(produced.Signatures, one => one.Label == signature);
        Assert.Equal(parameters, string.Join(", ", told.Parameters.Select(one => one.Label)));
        if (marked.Contains("Substring")) Assert.Equal(signature, produced.Signatures[produced.ActiveSignatureIndex].Label);
    }

    [Theory]
    [InlineData("1 + |")]
    [InlineData("Math.Sqrt(2)|")]
    public async Task There_is_no_signature_outside_of_arguments(string marked)
    {
        using var cells = new Cells();
        var (code, position) = Position(marked);
        Assert.Empty((await cells.Kernel.SendAsync(new RequestSignatureHelp(code, position))).Events.OfType<SignatureHelpProduced>());
    }
}
