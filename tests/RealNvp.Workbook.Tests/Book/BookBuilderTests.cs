using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RealNvp.Figures;
using RealNvp.Tests.Browser;
using RealNvp.Workbook.Book;

namespace RealNvp.Workbook.Tests.Book;

public class BookBuilderTests
{
    internal static JsonObject Markdown(string text) =>
        new() { ["cell_type"] = "markdown", ["metadata"] = new JsonObject(), ["source"] = text };

    internal static JsonObject Code(string text, params JsonObject[] outputs) =>
        new()
        {
            ["cell_type"] = "code",
            ["metadata"] = new JsonObject(),
            ["source"] = text,
            ["outputs"] = new JsonArray(outputs)
        };

    internal static JsonObject Stream(string text) => new() { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = text };

    internal static JsonObject Html(string html) =>
        new()
        {
            ["output_type"] = "display_data",
            ["metadata"] = new JsonObject(),
            ["data"] = new JsonObject { ["text/html"] = html }
        };

    internal static void Save(string folder, string name, params JsonObject[] cells)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, name),
            new JsonObject { ["nbformat"] = 4, ["nbformat_minor"] = 5, ["cells"] = new JsonArray(cells) }.ToJsonString());
    }

    internal static string Executed(TemporaryFolder folder)
    {
        var executed = Path.Combine(folder.Path, "executed");
        var plot = Plot.Lines("Two points", "x", "y", ("line", new double[] { 0, 1 }, new double[] { 0, 2 }));
        Save(executed, "01-first.ipynb",
            Markdown("# 01 · First things\n\nInline $a_i^2 < b$, and\n\n$$\n\\det \\frac{\\partial z}{\\partial x} = "
            + "\\begin{pmatrix} 1 & 0 \\\\ s & e^{s} \\end{pmatrix}\n$$\n\nSee [the next](02-second.ipynb#a-part)."),
            Code("#!import \"setup.csx\"", Html("<script data-realnvp-library>lots()</script>")),
            Markdown("## A part\n\nText with a kangaroo.\n\n## A part"),
            Code("var x = new List<int> { 1 }; // <count>\nConsole.WriteLine($\"{x[0]} & more\");", Stream("✓ 1 & more\n"),
            Html(plot.ToHtml())));
        Save(executed, "02-second.ipynb", Markdown("# 02 · Second things\n\nNothing of note."), Code("throw new Exception();",
            new JsonObject
            {
                ["output_type"] = "error",
                ["ename"] = "Exception",
                ["evalue"] = "no <luck>",
                ["traceback"] = new JsonArray()
            }));
        return executed;
    }

    [Fact]
    public void A_book_has_a_page_a_chapter_contents_and_its_assets()
    {
        using TemporaryFolder folder = new();
        var book = Path.Combine(folder.Path, "book");
        var index = BookBuilder.Build(Executed(folder), book);

        var contents = File.ReadAllText(index);
        Assert.Contains("<a href=\"01-first.html\">01 · First things</a>", contents);
        Assert.Contains("<a href=\"02-second.html\">02 · Second things</a>", contents);
        var first = File.ReadAllText(Path.Combine(book, "01-first.html"));
        Assert.Contains("rel=\"next\" href=\"02-second.html\"", first);
        Assert.DoesNotContain("rel=\"prev\"", first);
        Assert.Contains("href=\"02-second.html#a-part\"", first);
        Assert.Contains("id=\"a-part\"", first);
        Assert.Contains("id=\"a-part-2\"", first);
        Assert.DoesNotContain("lots()", first);
        Assert.Contains("<span class=\"keyword\">var</span>", first);
        Assert.Contains("<span class=\"type\">List</span>", first);
        Assert.Contains("<span class=\"comment\">// &lt;count&gt;</span>", first);
        Assert.Contains("<span class=\"directive\">#!import &quot;setup.csx&quot;</span>", first);
        Assert.Contains("<span class=\"holds\">✓ 1 &amp; more</span>", first);
        Assert.Contains("no &lt;luck&gt;", File.ReadAllText(Path.Combine(book, "02-second.html")));
        foreach (var asset in (string[])["plotly.min.js", "figures.js", "book.js", "book.css", "search.js"])
            Assert.True(File.Exists(Path.Combine(book, "assets", asset)), asset);
        Assert.Empty(Directory.GetFiles(book, "*.partial", SearchOption.AllDirectories));
    }

    [Fact]
    public void Nothing_in_a_page_comes_from_elsewhere()
    {
        using TemporaryFolder folder = new();
        var book = Path.Combine(folder.Path, "book");
        BookBuilder.Build(Executed(folder), book);
        foreach (var page in Directory.GetFiles(book, "*.html"))
            foreach (Match address in Regex.Matches(File.ReadAllText(page), "(?:src|href)=\"([^\"]*)\""))
                Assert.DoesNotMatch("^(https?:)?//", address.Groups[1].Value);
    }

    [Fact]
    public void The_search_knows_where_a_word_stands()
    {
        using TemporaryFolder folder = new();
        var book = Path.Combine(folder.Path, "book");
        BookBuilder.Build(Executed(folder), book);
        var script = File.ReadAllText(Path.Combine(book, "assets", "search.js"));
        var passages = JsonDocument.Parse(script[script.IndexOf('[')..script.LastIndexOf(';')]).RootElement;
        var hit = passages.EnumerateArray()
            .First(passage => passage.GetProperty("text").GetString()!.Contains("kangaroo"));
        Assert.Equal("01-first.html", hit.GetProperty("page").GetString());
        Assert.StartsWith("a-part", hit.GetProperty("anchor").GetString());
    }

    [Fact]
    public void Building_again_removes_pages_of_chapters_that_are_gone_and_no_other()
    {
        using TemporaryFolder folder = new();
        (var executed, var book) = (Executed(folder), Path.Combine(folder.Path, "book"));
        BookBuilder.Build(executed, book);
        File.WriteAllText(Path.Combine(book, "mine.html"), "<p>mine</p>");
        File.Delete(Path.Combine(executed, "02-second.ipynb"));
        BookBuilder.Build(executed, book);
        Assert.False(File.Exists(Path.Combine(book, "02-second.html")));
        File.Copy(Path.Combine(executed, "01-first.ipynb"), Path.Combine(executed, "03-former.ipynb"));
        BookBuilder.Build(executed, book, name => name != "03-former.ipynb");
        Assert.False(File.Exists(Path.Combine(book, "03-former.html")));
        Assert.True(File.Exists(Path.Combine(book, "mine.html")));
    }

    [Fact]
    public void Bad_input_is_one_clear_line()
    {
        using TemporaryFolder folder = new();
        var executed = Path.Combine(folder.Path, "executed");
        Assert.Contains("./workbook run", Assert.Throws<UserException>(() => BookBuilder.Build(executed, folder.Path)).Message);
        Directory.CreateDirectory(executed);
        File.WriteAllText(Path.Combine(executed, "01-broken.ipynb"), "{ \"cells\": ");
        Assert.Contains("01-broken.ipynb", Assert.Throws<UserException>(() => BookBuilder.Build(executed, folder.Path)).Message);
        File.WriteAllText(Path.Combine(executed, "01-broken.ipynb"), "{}");
        Assert.Contains("no nbformat", Assert.Throws<UserException>(() => BookBuilder.Build(executed, folder.Path)).Message);
        Save(executed, "01-broken.ipynb", Markdown("# Large"), Code("x", Stream(new string('x', 7_000_000))));
        Assert.Contains("over the limit", Assert.Throws<UserException>(() => BookBuilder.Build(executed, folder.Path)).Message);
        Assert.Empty(Directory.GetFiles(folder.Path, "*.html"));
    }

    [Fact]
    public async Task Formulas_and_figures_are_drawn_from_disk_without_network_and_without_console_error()
    {
        HeadlessBrowser.Require();
        Assert.SkipUnless(BrowserAssets.HasKatex, "needs KaTeX, which the build fetches with npm");
        using TemporaryFolder folder = new();
        var book = Path.Combine(folder.Path, "book");
        BookBuilder.Build(Executed(folder), book);

        await using var browser = await HeadlessBrowser.StartAsync();
        var page = await browser.OpenAsync(Path.Combine(book, "01-first.html"));
        await page.UntilDrawnAsync();
        await page.UntilAsync("document.querySelectorAll('.katex').length === 2");
        var dom = await page.HtmlAsync();

        Assert.Empty(page.Complaints);
        Assert.True(File.Exists(Path.Combine(book, "assets", "katex", "katex.min.css")));
        Assert.Equal(2, Regex.Count(dom, "<span class=\"katex\">"));
        Assert.Equal(1, Regex.Count(dom, "data-drawn=\"yes\""));
        Assert.DoesNotContain("math-error\"", dom);
        Assert.DoesNotContain("<p class=\"foot\">", dom);
    }

    [Fact]
    public async Task Without_KaTeX_formulas_are_readable_as_TeX_and_the_page_says_how_to_get_it()
    {
        HeadlessBrowser.Require();
        using TemporaryFolder folder = new();
        var book = Path.Combine(folder.Path, "book");
        BookBuilder.Build(Executed(folder), book, typeset: false);
        Assert.False(Directory.Exists(Path.Combine(book, "assets", "katex")));

        await using var browser = await HeadlessBrowser.StartAsync();
        var page = await browser.OpenAsync(Path.Combine(book, "01-first.html"));
        await page.UntilDrawnAsync();
        var dom = await page.HtmlAsync();

        Assert.Empty(page.Complaints);
        Assert.Contains("<span class=\"math\">a_i^2 &lt; b</span>", dom);
        Assert.Contains("<div class=\"math\">\\det \\frac", dom);
        Assert.Contains("npm", Regex.Match(dom, "<p class=\"foot\">.*</p>").Value);
        Assert.Equal(1, Regex.Count(dom, "data-drawn=\"yes\""));
    }

    [Fact]
    public async Task Search_finds_and_the_theme_repaints_figures()
    {
        HeadlessBrowser.Require();
        using TemporaryFolder folder = new();
        var book = Path.Combine(folder.Path, "book");
        BookBuilder.Build(Executed(folder), book);

        await using var browser = await HeadlessBrowser.StartAsync();
        var page = await browser.OpenAsync(Path.Combine(book, "01-first.html"));
        await page.UntilDrawnAsync();
        const string Colour = "document.querySelector('.js-plotly-plot')._fullData[0].line.color";
        string[] themes = ["#0072B2", "#4BA3DB"];
        var before = await page.TextAsync(Colour);
        await page.EvaluateAsync("""
            const input = document.querySelector('#search input');
            input.value = 'kangaroo text';
            input.dispatchEvent(new Event('input'));
            """);
        await page.UntilAsync("/01-first.html#a-part(-2)?$/.test(document.querySelector('#found a').getAttribute('href'))");
        await page.EvaluateAsync("document.getElementById('theme').click()");
        await page.UntilAsync($"{Colour} === '{Assert.Single(themes, theme => theme != before)}'");
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public void Formulas_in_headings_stay_in_the_contents()
    {
        using TemporaryFolder folder = new();
        var executed = Path.Combine(folder.Path, "executed");
        Save(executed, "03-maps.ipynb", Markdown("# 03 · Maps\n\n## The map $f$ and `Chain`"));
        var book = Path.Combine(folder.Path, "book");
        BookBuilder.Build(executed, book);
        Assert.Contains("<a href=\"#the-map-f-and-chain\">The map f and Chain</a>",
            File.ReadAllText(Path.Combine(book, "03-maps.html")));
    }

    [Fact]
    public void Text_reads_as_in_Jupyter_initials_powers_and_colons_included()
    {
        using TemporaryFolder folder = new();
        var executed = Path.Combine(folder.Path, "executed");
        Save(executed, "04-lists.ipynb",
            Markdown("# 04 · Lists\n\n- D. P. Kingma: *Glow*, 2018.\n\nA word\n: a ^note^ and ~~struck~~ ++words++"));
        var book = Path.Combine(folder.Path, "book");
        BookBuilder.Build(executed, book);
        var page = File.ReadAllText(Path.Combine(book, "04-lists.html"));
        Assert.Contains("<li>D. P. Kingma: <em>Glow</em>, 2018.</li>", page);
        Assert.Contains(": a ^note^ and <del>struck</del> ++words++", page);
    }
}
