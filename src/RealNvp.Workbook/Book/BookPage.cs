using System.Text;

namespace RealNvp.Workbook.Book;

/// <summary>The pages around the chapters.</summary>
internal static class BookPage
{
    public const string Generator = "RealNvp.Workbook book";
    private const string Book = "Normalizing flows, step by step";

    public static string Contents(IReadOnlyList<Chapter> chapters)
    {
        StringBuilder list = new();
        list.Append("<h1>").Append(Book).Append("</h1>\n<p class=\"lead\">A workbook in C#: every claim is derived, then shown by code that ran when this book was made. ")
            .Append("Turn the figures, and open the notebooks to change the code.</p>\n<ol class=\"chapters\">\n");
        foreach (Chapter chapter in chapters)
        {
            list.Append("<li><a href=\"").Append(chapter.Page).Append("\">").Append(Encoded(chapter.Title)).Append("</a><p>");
            list.Append(string.Join(" · ", chapter.Sections.Select(section => $"<a href=\"{chapter.Page}#{section.Id}\">{Encoded(section.Text)}</a>"))).Append("</p></li>\n");
        }
        list.Append("</ol>");
        return Whole(Book, list.ToString(), chapters, null);
    }

    public static string Of(Chapter chapter, IReadOnlyList<Chapter> chapters) =>
        Whole($"{chapter.Title} · {Book}", chapter.Body + Neighbours(chapter, chapters), chapters, chapter);

    private static string Neighbours(Chapter chapter, IReadOnlyList<Chapter> chapters)
    {
        int at = chapters.ToList().IndexOf(chapter);
        string Link(int to, string rel, string word) => to < 0 || to >= chapters.Count
            ? "<span></span>"
            : $"<a rel=\"{rel}\" href=\"{chapters[to].Page}\"><small>{word}</small>{Encoded(chapters[to].Title)}</a>";
        return $"<nav class=\"neighbours\" aria-label=\"Chapters before and after\">{Link(at - 1, "prev", "previous")}{Link(at + 1, "next", "next")}</nav>";
    }

    private static string Whole(string title, string main, IReadOnlyList<Chapter> chapters, Chapter? here) => $$"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="generator" content="{{Generator}}">
        <title>{{Encoded(title)}}</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="assets/katex/katex.min.css">
        <link rel="stylesheet" href="assets/book.css">
        <script>try { document.documentElement.dataset.theme = localStorage.getItem('theme') || ''; } catch { }</script>
        <script defer src="assets/katex/katex.min.js"></script>
        <script defer src="assets/plotly.min.js"></script>
        <script defer src="assets/figures.js"></script>
        <script defer src="assets/search.js"></script>
        <script defer src="assets/book.js"></script>
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
        {{Toc(chapters, here)}}</ul>
        </nav>
        <main id="main" tabindex="-1">
        {{main}}
        </main>
        <noscript><p class="notice">Formulas and figures are drawn by the scripts beside this page; without JavaScript they stay text.</p></noscript>
        </body>
        </html>
        """;

    private static string Toc(IReadOnlyList<Chapter> chapters, Chapter? here)
    {
        StringBuilder toc = new();
        foreach (Chapter chapter in chapters)
        {
            toc.Append("<li><a href=\"").Append(chapter.Page).Append('"').Append(chapter == here ? " aria-current=\"page\"" : "").Append('>').Append(Encoded(chapter.Title)).Append("</a>");
            if (chapter == here && chapter.Sections.Count > 0)
                toc.Append("<ul>").AppendJoin("", chapter.Sections.Select(section => $"<li><a href=\"#{section.Id}\">{Encoded(section.Text)}</a></li>")).Append("</ul>");
            toc.Append("</li>\n");
        }
        return toc.ToString();
    }

    private static string Encoded(string text) => Escaped.Html(text);
}
