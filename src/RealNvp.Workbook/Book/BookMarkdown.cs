using System.Text;
using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Extensions.Mathematics;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace RealNvp.Workbook.Book;

/// <summary>A heading of a chapter.</summary>
/// <param name="Level">1 for the title.</param>
/// <param name="Id">Its anchor.</param>
/// <param name="Text">Its words.</param>
internal sealed record Heading(int Level, string Id, string Text);

/// <summary>
/// Markdown cells as HTML: formulas marked for KaTeX, C# highlighted, links to other chapters turned into links to their pages.
/// </summary>
internal sealed class BookMarkdown
{
    // What Jupyter's Markdown has, and no more: else the book would read an initial, "D. Knuth", as the fourth entry of a list.
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UseMathematics().UsePipeTables().UseEmphasisExtras(EmphasisExtraOptions.Strikethrough).UseTaskLists().UseAutoLinks()
        .Build();

    private const int Shown = 10_000;   // characters of a cell that is too much

    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _last = new(StringComparer.Ordinal);
    private readonly List<Heading> _headings = [];

    /// <summary>The headings so far, in order.</summary>
    public IReadOnlyList<Heading> Headings => _headings;

    /// <summary>A text as HTML, and its words without its marks, for the search. What is too much stands as it was
    /// written.</summary>
    public (string Html, string Words) Render(string markdown, IReadOnlyDictionary<string, string> attachments)
    {
        try
        {
            var document = MarkdownText.Parse(markdown, Pipeline);
            List<Heading> headings = [.. document.Descendants<HeadingBlock>().Select(Anchor)];
            foreach (var link in document.Descendants<LinkInline>()) link.Url = Target(link.Url, attachments);
            var rendered = BookLimit.Run(() => (Clean(document), Words(document)));
            _headings.AddRange(headings);
            return rendered;
        }
        catch (BookLimitException e)
        {
            var text = markdown[..Math.Min(markdown.Length, Shown)];
            return ($"<p class=\"limit\">This text stands as it was written: {Escaped.Html(e.Message)}.</p>\n"
                + $"<pre class=\"output\" tabindex=\"0\">{Escaped.Html(text)}"
                + $"{(text.Length < markdown.Length ? " ..." : "")}</pre>\n",
                text.ReplaceLineEndings(" "));
        }
    }

    private static string Clean(MarkdownDocument document)
    {
        using StringWriter writer = new();
        HtmlRenderer renderer = new(writer);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.RemoveAll(one => one.GetType() == typeof(CodeBlockRenderer));
        renderer.ObjectRenderers.Insert(0, new CodeRenderer());
        renderer.Render(document);
        var html = writer.ToString();
        var isForeign = document.Descendants().Any(part => part is HtmlBlock or HtmlInline);
        return (isForeign ? ForeignHtml.CleanText(html) : ForeignHtml.CleanRendered(html))
            ?? throw new BookLimitException("there is too much HTML in it");
    }

    private static string Words(MarkdownDocument document)
    {
        using StringWriter writer = new();
        HtmlRenderer renderer =
            new(writer) { EnableHtmlForBlock = false, EnableHtmlForInline = false, EnableHtmlEscape = false };
        Pipeline.Setup(renderer);
        renderer.Render(document);
        return writer.ToString().ReplaceLineEndings(" ").Trim();
    }

    private Heading Anchor(HeadingBlock heading)
    {
        var text = string.Concat(heading.Inline?.Descendants().Select(Word) ?? []).Trim();
        var slug = Slug(text);
        var id = slug;
        while (!_ids.Add(id))
        {
            _last[slug] = _last.GetValueOrDefault(slug, 1) + 1;
            id = $"{slug}-{_last[slug]}";
        }
        heading.GetAttributes().Id = id;
        return new Heading(heading.Level, id, text);
    }

    private static string Word(MarkdownObject part) => part switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        MathInline math => math.Content.ToString(),
        _ => "",
    };

    private static string Slug(string text)
    {
        StringBuilder slug = new();
        foreach (var c in text.ToLowerInvariant())
            if (char.IsLetterOrDigit(c)) slug.Append(c);
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        return slug.ToString().Trim('-') is { Length: > 0 } some ? some : "section";
    }

    private static string? Target(string? url, IReadOnlyDictionary<string, string> attachments)
    {
        if (url is null) return null;
        if (url.StartsWith("attachment:", StringComparison.Ordinal)
            && attachments.TryGetValue(Uri.UnescapeDataString(url["attachment:".Length..]), out var data)) return data;
        var ending = url.IndexOf(".ipynb", StringComparison.Ordinal);
        return ending < 0 || url.Contains("://")
            ? url : string.Concat(url.AsSpan(0, ending), ".html", url.AsSpan(ending + ".ipynb".Length));
    }

    private sealed class CodeRenderer : CodeBlockRenderer
    {
        private static readonly string[] CSharp = ["csharp", "cs", "c#"];

        protected override void Write(HtmlRenderer renderer, CodeBlock block)
        {
            if (block is MathBlock)
            {
                renderer.Write("<div class=\"math\">\\[").Write(Escaped.Html(block.Lines.ToString())).WriteLine("\\]</div>");
                return;
            }
            var code = block.Lines.ToString();
            var csharp = block is FencedCodeBlock { Info: { } language } && CSharp.Contains(language.ToLowerInvariant());
            renderer.Write("<pre class=\"code\" tabindex=\"0\"><code>")
                .Write(csharp ? CSharpHighlighter.ToHtml(code) : Escaped.Html(code)).WriteLine("</code></pre>");
        }
    }
}
