using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using RealNvp.Figures;
using RealNvp.Tests.Browser;
using RealNvp.Workbook.Book;
using static RealNvp.Workbook.Tests.Book.BookBuilderTests;

namespace RealNvp.Workbook.Tests.Book;

/// <summary>docs/book.md says what a page may do; here are notebooks that want more.</summary>
public sealed partial class BookTrustTests : IDisposable
{
    private const string Svg =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><script>top.ran = 1</script></svg>";
    private const string Png =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> HostileHtml =>
    [
        "<script>window.ran = 1</script>", "<img src=x onerror=\"window.ran = 1\">", "<svg onload=\"window.ran = 1\"></svg>",
        "<svg><script>window.ran = 1</script></svg>", "<iframe srcdoc=\"<script>parent.ran = 1</script>\"></iframe>",
        "<object data=\"data:text/html,<script>top.ran = 1</script>\"></object>",
        "<details open ontoggle=\"window.ran = 1\">x</details>",
        "<a href=\"javascript:window.ran = 1\">link</a>", "<a href=\" java\nscript:window.ran = 1\">link</a>",
        "<a href=\"&#106;avascript:window.ran = 1\">link</a>", "<a href=\"data:text/html,x\">link</a>",
        "<a href=\"file:///etc/passwd\">link</a>",
        "<a href=\"//example.org/x\">link</a>", "<form action=\"javascript:window.ran = 1\"><button>go</button></form>",
        "<math><mtext><table><mglyph><style><img src=x onerror=\"window.ran = 1\"></style></mglyph></table></mtext></math>",
        "<style>@import url(http://example.org/x.css);</style>",
        "<p style=\"position:fixed;inset:0;background:url(http://example.org/x)\">x</p>",
        "<base href=\"http://example.org/\">", "<meta http-equiv=\"refresh\" content=\"0;url=http://example.org/\">",
        "<link rel=stylesheet href=http://example.org/x>",
        "<img src=\"http://example.org/x.png\" srcset=\"http://example.org/y.png 2x\" alt=\"tracker\">",
        "<video src=\"http://example.org/x\" autoplay></video>",
        "<img src=\"data:image/svg+xml;base64,PHN2Zy8+\" alt=\"svg\">", "<p id=\"search\" class=\"top\">x</p>",
        "<!--><img src=x onerror=\"window.ran = 1\">-->",
        "<noscript><p title=\"</noscript><img src=x onerror='window.ran = 1'>\"></noscript>",
        "<div class=\"realnvp-figure\" data-figure=\"0123456789abcdef\"></div>\n"
            + "<script type=\"text/javascript\">window.ran = 1</script>",
    ];

    [Theory]
    [MemberData(nameof(HostileHtml))]
    public void Foreign_html_is_shown_without_what_acts(string html)
    {
        var page = Page(Markdown($"# Title\n\n{html}\n\nText {html.ReplaceLineEndings(" ")} text."), Code("show", Html(html)),
            Code("show", Output("text/markdown", html)), Code("last", Stream("the end")));
        Inert(page);
        Assert.Contains("the end", page.Body!.TextContent);
    }

    [Fact]
    public void Foreign_html_keeps_its_text_tables_and_pictures()
    {
        var page = Page(Code("show", Html("<table class=\"x\"><tr><th>a</th><td colspan=\"2\"><b>1</b></td></tr></table>"
            + $"<img alt=\"p\" src=\"data:image/png;base64,{Png}\">"
            + "<details open><summary>[2] Float32</summary><pre>1, 2</pre></details>"
            + "<a href=\"https://example.org/a?b=1#c\">web</a>")));
        Inert(page);
        var output = page.QuerySelector(".output.html")!;
        Assert.Equal("1", output.QuerySelector("table td[colspan='2'] b")!.TextContent);
        Assert.Equal($"data:image/png;base64,{Png}", output.QuerySelector("img")!.GetAttribute("src"));
        Assert.True(output.QuerySelector("details")!.HasAttribute("open"));
        Assert.Equal("https://example.org/a?b=1#c", output.QuerySelector("a")!.GetAttribute("href"));
    }

    [Theory]
    [InlineData("image/png", "x\" onerror=\"window.ran = 1")]
    [InlineData("image/png", "PHN2Zy8+")]
    [InlineData("image/jpeg", Png)]
    [InlineData("image/svg+xml", "<p>no svg</p>")]
    [InlineData("image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\"><p></svg>")]
    [InlineData("image/svg+xml", "<!DOCTYPE svg [<!ENTITY a \"b\">]><svg xmlns=\"http://www.w3.org/2000/svg\">&a;</svg>")]
    public void A_picture_that_is_none_is_left_out_and_said(string type, string data)
    {
        var page = Page(Code("show", Output(type, data)));
        Inert(page);
        Assert.Empty(page.QuerySelectorAll("img"));
        Assert.Equal($"An output is left out: a picture that is not {type}.", page.QuerySelector(".limit")!.TextContent);
    }

    [Fact]
    public void Pictures_are_shown_where_nothing_in_them_runs()
    {
        var page = Page(Code("show", Output("image/png", Png[..40] + "\n" + Png[40..])),
            Code("show", Output("image/svg+xml", Svg)),
            Markdown($"![here](data:image/png;base64,{Png}) ![web](https://example.org/p.png) ![file](p.png)"));
        Inert(page);
        Assert.Equal([$"data:image/png;base64,{Png}",
            $"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(Svg))}",
            $"data:image/png;base64,{Png}"], page.QuerySelectorAll("img").Select(image => image.GetAttribute("src")));
        Assert.Equal("web file", page.QuerySelector(".text p")!.TextContent.Trim());
        Assert.Equal("https://example.org/p.png", page.QuerySelector(".text a")!.GetAttribute("href"));
    }

    [Theory]
    [InlineData("[a](javascript:window.ran=1)")]
    [InlineData("[a](JaVaScRiPt:window.ran=1)")]
    [InlineData("<javascript:window.ran=1>")]
    [InlineData("[a](data:text/html;base64,PHNjcmlwdD4=)")]
    [InlineData("[a](vbscript:x)")]
    [InlineData("[a][b]\n\n[b]: javascript:window.ran=1")]
    [InlineData("![a](javascript:window.ran=1)")]
    [InlineData("[a](attachment:x.png)")]
    public void Links_lead_to_the_web_to_mail_and_to_other_pages_only(string markdown)
    {
        var cell = Markdown(markdown);
        cell["attachments"] = new JsonObject
        {
            ["x.png"] = new JsonObject { ["text/html"] = "PHNjcmlwdD4=" }
        };
        var page = Page(cell);
        Inert(page);
        Assert.DoesNotContain(page.QuerySelectorAll(".text a"), link => link.HasAttribute("href"));
    }

    [Fact]
    public void Links_that_are_allowed_stay()
    {
        var page = Page(Markdown("[a](https://example.org/) [b](mailto:a@example.org) "
            + "[c](02-second.ipynb#x) [d](#here) [e](http://a.b)"));
        Assert.Equal(["https://example.org/", "mailto:a@example.org", "02-second.html#x", "#here", "http://a.b"],
            page.QuerySelectorAll(".text a").Select(link => link.GetAttribute("href")));
    }

    [Fact]
    public void A_chapters_name_is_no_place_for_html()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "file names have no quotes there");
        Save(_folder["executed"], "01-a\" onmouseover=\"window.ran=1.ipynb", Markdown("# One"));
        Save(_folder["executed"], "02-b.ipynb", Markdown("# Two"));
        BookBuilder.Build(_folder["executed"], _folder["book"]);
        Inert(Parse("02-b.html"));
        Inert(Parse("index.html"));
    }

    [Fact]
    public async Task Nothing_foreign_runs_in_a_browser_and_the_policy_holds_where_html_gets_in()
    {
        HeadlessBrowser.Require();
        var figure = Plot.Lines("A <figure> & \"more\"", "x", "y", ("line", new double[] { 0, 1 }, new double[] { 0, 2 }))
            .ToHtml();
        Save(_folder["executed"], "01-x.ipynb",
            [Markdown("# X $a < b$"), .. HostileHtml.Select(row => Code("show", Html(row.Data))),
                Code("show", Html(figure))]);
        BookBuilder.Build(_folder["executed"], _folder["book"]);
        await using var browser = await HeadlessBrowser.StartAsync();
        var page = await browser.NewPageAsync();
        await page.GoAsync(new Uri(_folder["book/01-x.html"]).AbsoluteUri);
        await page.UntilAsync("document.querySelectorAll('[data-drawn=\"yes\"]').length === 1");
        Assert.Equal("undefined", await page.TextAsync("typeof window.ran"));
        Assert.Empty(page.Complaints);
        Assert.Empty(page.Requests);

        // Were the pages' HTML not clean, the policy would still keep scripts from running.
        var text = File.ReadAllText(_folder["book/01-x.html"]);
        File.WriteAllText(_folder["book/tried.html"], text.Replace("</main>",
            "<script>window.ran = 1</script><img src=x onerror=\"window.ran = 2\"><script src=\"assets/ran.js\"></script></main>"));
        File.WriteAllText(_folder["book/assets/ran.js"], "window.ran = 3;");
        await page.GoAsync(new Uri(_folder["book/tried.html"]).AbsoluteUri);
        await page.UntilAsync("document.querySelectorAll('[data-drawn=\"yes\"]').length === 1");
        Assert.Equal("undefined", await page.TextAsync("typeof window.ran"));
        Assert.Equal(4, page.Complaints.Count(complaint => complaint.Contains("Content Security Policy")));
    }

    [Fact]
    public void The_number_that_names_the_pages_scripts_depends_on_every_word_of_it()
    {
        var nonces = new[] { "a", "b" }
            .Select(word => Regex.Match(Text(Code(word)), "script-src 'nonce-([0-9a-f]{64})'").Groups[1].Value).ToArray();
        Assert.All(nonces, nonce => Assert.Equal(64, nonce.Length));
        Assert.NotEqual(nonces[0], nonces[1]);
        // The same notebooks make the same book.
        Assert.Equal(Text(Code("a")), Text(Code("a")));
    }

    private static JsonObject Output(string type, string data) => new()
    {
        ["output_type"] = "display_data",
        ["metadata"] = new JsonObject(),
        ["data"] = new JsonObject { [type] = data },
    };

    private IHtmlDocument Page(params JsonObject[] cells)
    {
        Save(_folder["executed"], "01-x.ipynb", cells);
        BookBuilder.Build(_folder["executed"], _folder["book"]);
        return Parse("01-x.html");
    }

    private string Text(params JsonObject[] cells)
    {
        Page(cells);
        return File.ReadAllText(_folder["book/01-x.html"]);
    }

    private IHtmlDocument Parse(string page) => new HtmlParser(new HtmlParserOptions { IsScripting = true })
        .ParseDocument(File.ReadAllText(Path.Combine(_folder["book"], page)));

    /// <summary>A page has no script but the named ones and data, no handler, no address that acts or asks the network.</summary>
    private static void Inert(IHtmlDocument page)
    {
        Assert.All(page.QuerySelectorAll("script"), script => Assert.True(script.HasAttribute("nonce")
            || script.GetAttribute("type") == "application/json", script.OuterHtml));
        Assert.Empty(page.QuerySelectorAll("main :is(iframe, object, embed, form, style, link, meta, base, svg, video)"));
        foreach (var element in page.All)
        {
            Assert.DoesNotContain(element.Attributes, attribute => attribute.Name.StartsWith("on", StringComparison.Ordinal));
            if (element.GetAttribute("href") is { } href)
                Assert.Matches("^(https?://|mailto:|#|data:,|[^:/\\\\]*([/?#]|$))", href);
            if (element.LocalName == "img") Assert.StartsWith("data:image/", element.GetAttribute("src"));
            Assert.Null(element.GetAttribute("srcset"));
            if (element.LocalName is not ("a" or "link" or "script" or "img")) Assert.Null(element.GetAttribute("src"));
        }
        Assert.Single(page.QuerySelectorAll("#search"));
        Assert.Empty(page.QuerySelectorAll("main [style]:not(.realnvp-figure, .realnvp-figure *), main .top"));
    }
}
