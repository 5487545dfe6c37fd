using static RealNvp.Workbook.Tests.Book.BookBuilderTests;

namespace RealNvp.Workbook.Tests.Book;

/// <summary>Notebooks with more in them than a parser should be given.</summary>
public sealed partial class BookTrustTests
{
    public static TheoryData<string, string, string> Much => new()
    {
        {
            "a list of 3,000 levels",
            string.Join('\n', Enumerable.Range(0, 3000).Select(i => new string(' ', 2 * i) + "- a")),
            "characters, more than"
        },
        {
            "a list of 3,000 levels in a line", string.Concat(Enumerable.Repeat("- ", 3000)) + "x",
            "nested more than 128 levels"
        },
        { "quotations", string.Concat(Enumerable.Repeat("> ", 50_000)), "nested more than 128 levels" },
        { "brackets", new string('[', 100_000), "nested more than 128 levels" },
        { "elements", string.Concat(Enumerable.Repeat("<div>", 15_000)), "too much HTML" },
        {
            "elements that repeat", string.Concat(Enumerable.Range(0, 2000).Select(i => $"<b title={i}>"))
                + string.Concat(Enumerable.Repeat("x\n\n", 2000)), "too much HTML"
        },
    };

    [Theory]
    [MemberData(nameof(Much))]
    public void Text_that_is_too_much_stands_as_it_was_written(string what, string markdown, string reason)
    {
        var page = Page(Markdown(markdown), Markdown("# After"));
        Assert.Contains(reason, page.QuerySelector(".text .limit")!.TextContent);
        Assert.StartsWith(markdown.Trim()[..20], page.QuerySelector(".text pre")!.TextContent.Trim(), StringComparison.Ordinal);
        Assert.True(page.QuerySelector("#after") is not null, what);
    }

    [Fact]
    public void Html_that_is_too_much_is_left_out_and_said()
    {
        foreach (var html in (string[])[string.Concat(Enumerable.Repeat("<div>", 15_000)),
            string.Concat(Enumerable.Repeat("<p>", 50_000)),
            string.Concat(Enumerable.Range(0, 3000).Select(i => $"<b title={i}>"))
                + string.Concat(Enumerable.Repeat("<p>x", 3000))])
            Assert.Contains("too much to look through", Page(Code("show", Html(html))).QuerySelector(".limit")!.TextContent);
    }

    [Theory]
    [InlineData("(", 100_000)]
    [InlineData("List<", 50_000)]
    [InlineData("$\"{", 20_000)]
    [InlineData("!", 100_000)]
    [InlineData("x is not ", 30_000)]
    public void Code_that_is_too_deep_for_the_parser_is_shown_all_the_same(string part, int times)
    {
        var code = string.Concat(Enumerable.Repeat(part, times));
        Assert.Equal(code, Page(Code(code)).QuerySelector(".code")!.TextContent);
    }

    [Fact]
    public async Task Twenty_thousand_equal_headings_have_an_anchor_each()
    {
        var work = Task.Run(() => Page(Markdown(string.Concat(Enumerable.Repeat("# a\n\n", 20_000)) + "# a-2")));
        // Where each one looked through all before it, this took longer than anybody waits.
        var ids = (await work.WaitAsync(TimeSpan.FromMinutes(4), TestContext.Current.CancellationToken))
            .QuerySelectorAll("main [id]").Select(heading => heading.Id).ToHashSet();
        Assert.Equal(20_001, ids.Count);
        Assert.Contains("a-20000", ids);
        Assert.Contains("a-2-2", ids);
    }
}
