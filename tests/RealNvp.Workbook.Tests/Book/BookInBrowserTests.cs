using RealNvp.Tests.Browser;
using RealNvp.Workbook.Book;

namespace RealNvp.Workbook.Tests.Book;

/// <summary>
/// The book as a reader opens it from disk, without a network: on a wide screen, in the dark, on a phone, on paper.
/// </summary>
public sealed class BookInBrowserTests
{
    private const int MostBytes = 6_000_000;

    /// <summary>Text outside of code in which a formula or a mark of Markdown is left as it was written.</summary>
    private const string RawText = """
        (() => {
          const left = [];
          const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const node = walker.currentNode;
            if (node.parentElement.closest('pre, code, script, style, svg, .katex, .tex .math, .output')) continue;
            if (/\$[^\s$][^$]*\$|\\[([]|\\[a-z]{2,}|\*\*[^\s*]|\]\([^)]*\)/.test(node.textContent)) left.push(node.textContent.trim().slice(0, 80));
          }
          return left.join(' | ');
        })()
        """;

    private const string Figures = "[...document.querySelectorAll('.realnvp-figure')]";

    [Fact]
    public async Task A_book_reads_well_everywhere()
    {
        HeadlessBrowser.Require();
        using TemporaryFolder folder = new();
        var book = Path.Combine(folder.Path, "book");
        BookBuilder.Build(BookBuilderTests.Executed(folder), book);
        await ReadAsync(book, [.. Directory.GetFiles(book, "*.html")]);
    }

    [Fact]
    public async Task The_book_of_this_workbook_reads_well_everywhere()
    {
        HeadlessBrowser.Require();
        var book = Path.Combine(Repository.Find().Artifacts, "book");
        Assert.SkipUnless(File.Exists(Path.Combine(book, "index.html")), "needs a book, which ./workbook run makes");
        await ReadAsync(book, [.. Directory.GetFiles(book, "*.html")]);
    }

    private static async Task ReadAsync(string book, string[] pages)
    {
        List<string> wrong = [];
        await using var browser = await HeadlessBrowser.StartAsync();
        foreach (var path in pages.Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            if (new FileInfo(path).Length > MostBytes) wrong.Add($"{name}: {new FileInfo(path).Length / 1e6:f1} MB");
            var page = await browser.NewPageAsync();
            await page.PreferAsync("light");
            await page.GoAsync(new Uri(path).AbsoluteUri);
            await page.UntilAsync("document.readyState === 'complete' && document.querySelectorAll('html:not(.tex) "
                + ".math:not(:has(.katex))').length === 0");
            await page.UntilAsync($"{Figures}.every(one => one.dataset.drawn === 'yes' && "
                + "one.querySelector('.main-svg').getBoundingClientRect().width > 200)");
            if (await page.TextAsync(RawText) is { Length: > 0 } raw) wrong.Add($"{name}: not drawn: {raw}");
            if (await page.TextAsync(
                "[...document.querySelectorAll('.math-error')].map(one => one.textContent).join(' | ')") is
                {
                    Length: > 0
                } formula) wrong.Add($"{name}: formula: {formula}");
            if (await page.TextAsync(
                "[...document.images].filter(one => !one.complete || one.naturalWidth === 0).length") is not "0" and var broken) wrong.Add($"{name}: {broken} pictures are broken");
            var light = await page.TextAsync("getComputedStyle(document.body).backgroundColor");

            await page.PreferAsync("dark");
            await page.UntilAsync($"getComputedStyle(document.body).backgroundColor !== '{light}'");

            await page.ResizeAsync(390, 844);
            await page.UntilAsync($"{Figures}.every(one => one.querySelector('.main-svg').getBoundingClientRect().width <= 390)");
            if (int.Parse(await page.TextAsync("document.documentElement.scrollWidth")) > 390)
                wrong.Add($"{name}: a phone scrolls sideways: {await page.TextAsync(Widest)}");

            await page.ResizeAsync(1200, 900);
            await page.PreferAsync("light", "print");
            if (await page.TextAsync("getComputedStyle(document.getElementById('sidebar')).display") != "none")
                wrong.Add($"{name}: the contents are printed");
            if (!(await page.PdfAsync()).AsSpan().StartsWith("%PDF"u8)) wrong.Add($"{name}: does not print");

            wrong.AddRange(page.Complaints.Select(complaint => $"{name}: console: {complaint}"));
            wrong.AddRange(page.Requests.Select(request => $"{name}: asks the network for {request}"));
            await page.CloseAsync();
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>What reaches beyond the right edge and does not scroll by itself.</summary>
    private const string Widest = """
        [...document.querySelectorAll('main *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.parentElement.closest('pre, .output, .math, table, svg'))
          .slice(0, 3).map(one => `${one.tagName}.${one.className}: ${one.textContent.slice(0, 40)}`).join(' | ')
        """;
}
