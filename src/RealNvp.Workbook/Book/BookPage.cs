using System.Security.Cryptography;
using System.Text;

namespace RealNvp.Workbook.Book;

/// <summary>The pages around the chapters.</summary>
internal static class BookPage
{
    public const string Generator = "RealNvp.Workbook book";
    private const string Book = "Normalizing flows, step by step";

    private static string KatexTags(string nonce) => $"""
        <link rel="stylesheet" href="assets/katex/katex.min.css">
        <script nonce="{nonce}" defer src="assets/katex/katex.min.js"></script>
        """;

    private const string NoKatex =
        "\n<p class=\"foot\">Formulas stand here as TeX. KaTeX typesets them: install Node.js, which brings npm, then run "
        + "<code>./workbook setup</code> "
        + "(it fetches KaTeX) and <code>./workbook book</code>.</p>";

    public static string Contents(IReadOnlyList<Chapter> chapters, bool katex)
    {
        StringBuilder list = new();
        list.Append("<h1>").Append(Book)
            .Append("</h1>\n<p class=\"lead\">A workbook in C#: every claim is derived, then shown by code that ran when this "
            + "book was made. ")
            .Append("Turn the figures, and open the notebooks to change the code.</p>\n<ol class=\"chapters\">\n");
        foreach (var chapter in chapters)
        {
            list.Append("<li><a href=\"").Append(chapter.Address).Append("\">").Append(Encoded(chapter.Title)).Append("</a><p>");
            list.Append(string.Join(" · ",
                chapter.Sections.Select(section => $"<a href=\"{chapter.Address}#{section.Id}\">{Encoded(section.Text)}</a>")))
                    .Append("</p></li>\n");
        }
        list.Append("</ol>");
        return Whole(Book, list.ToString(), chapters, null, katex);
    }

    public static string Of(Chapter chapter, IReadOnlyList<Chapter> chapters, bool katex) =>
        Whole($"{chapter.Title} · {Book}", chapter.Body + Neighbours(chapter, chapters), chapters, chapter, katex);

    private static string Neighbours(Chapter chapter, IReadOnlyList<Chapter> chapters)
    {
        var at = chapters.ToList().IndexOf(chapter);
        string Link(int to, string rel, string word) => to < 0 || to >= chapters.Count
            ? "<span></span>"
            : $"<a rel=\"{rel}\" href=\"{chapters[to].Address}\"><small>{word}</small>{Encoded(chapters[to].Title)}</a>";
        return "<nav class=\"neighbours\" aria-label=\"Chapters before and "
            + $"after\">{Link(at - 1, "prev", "previous")}{Link(at + 1, "next", "next")}</nav>";
    }

    /// <summary>
    /// What the browser may do on a page: run the scripts that this program named (by a number made of the page's text, which the
    /// text itself cannot know), show pictures within the page, and nothing beyond it. plotly.js writes style elements. Files
    /// on disk have no origin that every browser would call 'self'.
    /// </summary>
    private static string Policy(string nonce) => $"default-src 'none'; script-src 'nonce-{nonce}'; "
        + "style-src 'self' file: 'unsafe-inline'; font-src 'self' file:; img-src data: blob:; base-uri 'none'; form-action 'none'";

    private static string Whole(string title, string main, IReadOnlyList<Chapter> chapters, Chapter? here, bool katex)
    {
        var contents = Toc(chapters, here);
        var nonce = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{title}\n{contents}\n{main}")));
        return Whole(title, main, contents, katex, nonce);
    }

    private static string Whole(string title, string main, string contents, bool katex, string nonce) => $$"""
        <!DOCTYPE html>
        <html lang="en"{{(katex ? "" : " class=\"tex\"")}}>
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="{{Policy(nonce)}}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="generator" content="{{Generator}}">
        <title>{{Encoded(title)}}</title>
        <link rel="icon" href="data:,">
        {{(katex ? KatexTags(nonce) : "")}}
        <link rel="stylesheet" href="assets/book.css">
        <script nonce="{{nonce}}">try { document.documentElement.dataset.theme = localStorage.getItem('theme') || ''; } catch { }</script>
        <script nonce="{{nonce}}" defer src="assets/plotly.min.js"></script>
        <script nonce="{{nonce}}" defer src="assets/figures.js"></script>
        <script nonce="{{nonce}}" defer src="assets/search.js"></script>
        <script nonce="{{nonce}}" defer src="assets/book.js"></script>
        </head>
        <body>
        <a class="skip" href="#main">Skip to the text</a>
        <header class="top">
        <button id="menu" aria-expanded="false" aria-controls="sidebar" aria-label="Contents">☰</button>
        <a class="home" href="index.html">{{Book}}</a>
        <button id="theme" aria-label="Light or dark" title="Light or dark">◐</button>
        </header>
        <nav id="sidebar" aria-label="Contents">
        <form id="search" role="search"><input type="search" placeholder="Search  ( / )" aria-label="Search the book" autocomplete="off"></form>
        <ul id="found" hidden></ul>
        <ul class="toc">
        {{contents}}</ul>
        </nav>
        <main id="main" tabindex="-1">
        {{main}}{{(katex ? "" : NoKatex)}}
        </main>
        <noscript><p class="notice">Formulas and figures are drawn by the scripts beside this page; without JavaScript they stay text.</p></noscript>
        </body>
        </html>
        """;

    private static string Toc(IReadOnlyList<Chapter> chapters, Chapter? here)
    {
        StringBuilder toc = new();
        foreach (var chapter in chapters)
        {
            toc.Append("<li><a href=\"").Append(chapter.Address).Append('"').Append(chapter == here ? " aria-current=\"page\"" : "")
                .Append('>').Append(Encoded(chapter.Title)).Append("</a>");
            if (chapter == here && chapter.Sections.Count > 0)
                toc.Append("<ul>").AppendJoin("",
                    chapter.Sections.Select(section => $"<li><a href=\"#{section.Id}\">{Encoded(section.Text)}</a></li>"))
                        .Append("</ul>");
            toc.Append("</li>\n");
        }
        return toc.ToString();
    }

    private static string Encoded(string text) => Escaped.Html(text);
}
