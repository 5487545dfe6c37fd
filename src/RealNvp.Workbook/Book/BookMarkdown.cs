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

/// <summary>Markdown cells as HTML: formulas marked for KaTeX, C# highlighted, links to other chapters turned into links to their pages.</summary>
internal sealed class BookMarkdown
{
    // What Jupyter's Markdown has, and no more: else the book would read an initial, "D. Knuth", as the fourth entry of a list.
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UseMathematics().UsePipeTables().UseEmphasisExtras(EmphasisExtraOptions.Strikethrough).UseTaskLists().UseAutoLinks()
        .Build();

    private readonly HashSet<string> ids = [];
    private readonly List<Heading> headings = [];

    /// <summary>The headings so far, in order.</summary>
    public IReadOnlyList<Heading> Headings => headings;

    /// <summary>The words of a text without its marks, for the search.</summary>
    public static string Words(string markdown) => Markdown.ToPlainText(markdown, Pipeline).ReplaceLineEndings(" ").Trim();

    public string ToHtml(string markdown, IReadOnlyDictionary<string, string> attachments)
    {
        MarkdownDocument document = Markdown.Parse(markdown, Pipeline);
        foreach (HeadingBlock heading in document.Descendants<HeadingBlock>()) Anchor(heading);
        foreach (LinkInline link in document.Descendants<LinkInline>()) link.Url = Target(link.Url, attachments);

        using StringWriter writer = new();
        HtmlRenderer renderer = new(writer);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.RemoveAll(one => one.GetType() == typeof(CodeBlockRenderer));
        renderer.ObjectRenderers.Insert(0, new CodeRenderer());
        renderer.Render(document);
        return writer.ToString();
    }

    private void Anchor(HeadingBlock heading)
    {
        string text = string.Concat(heading.Inline?.Descendants().Select(Word) ?? []).Trim();
        string id = Slug(text);
        for (int again = 2; !ids.Add(id); again++) id = $"{Slug(text)}-{again}";
        heading.GetAttributes().Id = id;
        headings.Add(new Heading(heading.Level, id, text));
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
        foreach (char c in text.ToLowerInvariant())
            if (char.IsLetterOrDigit(c)) slug.Append(c);
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        return slug.ToString().Trim('-') is { Length: > 0 } some ? some : "section";
    }

    private static string? Target(string? url, IReadOnlyDictionary<string, string> attachments)
    {
        if (url is null) return null;
        if (url.StartsWith("attachment:", StringComparison.Ordinal) && attachments.TryGetValue(Uri.UnescapeDataString(url["attachment:".Length..]), out string? data)) return data;
        int ending = url.IndexOf(".ipynb", StringComparison.Ordinal);
        return ending < 0 || url.Contains("://") ? url : string.Concat(url.AsSpan(0, ending), ".html", url.AsSpan(ending + ".ipynb".Length));
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
            string code = block.Lines.ToString();
            bool csharp = block is FencedCodeBlock { Info: { } language } && CSharp.Contains(language.ToLowerInvariant());
            renderer.Write("<pre class=\"code\" tabindex=\"0\"><code>").Write(csharp ? CSharpHighlighter.ToHtml(code) : Escaped.Html(code)).WriteLine("</code></pre>");
        }
    }
}
