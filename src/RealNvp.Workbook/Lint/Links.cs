using System.Text.RegularExpressions;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using RealNvp.Workbook.Book;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Lint;

/// <summary>Links in a notebook's text: a file must be there, an anchor must be a heading.</summary>
internal static partial class Links
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseFootnotes().Build();

    internal static IEnumerable<(int Cell, string Message)> Broken(NotebookFile notebook)
    {
        List<(NotebookCell Cell, MarkdownDocument Document)> texts = [];
        foreach (var cell in notebook.Cells.Where(cell => cell.Type == "markdown"))
        {
            var (document, problem) = Read(cell.Source);
            if (document is not null) texts.Add((cell, document));
            else yield return (cell.Number, $"the text cannot be read: {problem}");
        }
        var anchors = texts.SelectMany(text => text.Document.Descendants<HeadingBlock>())
            .Select(heading => Anchor(TextOf(heading.Inline))).ToHashSet(StringComparer.Ordinal);
        foreach (var (cell, document) in texts)
        {
            foreach (var link in document.Descendants<LinkInline>().Select(link => link.Url ?? ""))
            {
                if (link.Length == 0) yield return (cell.Number, "a link has no address");
                else if (link.StartsWith('#') && !anchors.Contains(Uri.UnescapeDataString(link[1..]))
                    && !cell.Source.Contains($"id=\"{link[1..]}\"", StringComparison.Ordinal))
                    yield return (cell.Number, $"the link {link} leads to no heading of this notebook");
                else if (link.StartsWith("attachment:", StringComparison.Ordinal))
                {
                    if (cell.Json["attachments"]?[link["attachment:".Length..]] is null)
                        yield return (cell.Number, $"{link} is not attached to the cell");
                }
                else if (!link.StartsWith('#') && !Scheme().IsMatch(link))
                {
                    var file = Path.Combine(Path.GetDirectoryName(notebook.Path)!,
                        Uri.UnescapeDataString(link.Split('#', '?')[0]));
                    if (!File.Exists(file) && !Directory.Exists(file))
                        yield return (cell.Number, $"the link {link} leads to no file");
                }
            }
        }
    }

    private static (MarkdownDocument? Document, string Problem) Read(string text)
    {
        try
        {
            return (MarkdownText.Parse(text, Pipeline), "");
        }
        catch (BookLimitException e)
        {
            return (null, e.Message);
        }
    }

    /// <summary>A heading's anchor as Jupyter makes it: spaces become hyphens, everything else stays.</summary>
    private static string Anchor(string heading) => heading.Trim().Replace(' ', '-');

    private static string TextOf(ContainerInline? inline) =>
        inline is null ? "" : string.Concat(inline.Descendants<Inline>().Select(part => part switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        _ => "",
    }));

    [GeneratedRegex("^([a-zA-Z][a-zA-Z0-9+.-]*:|//)")]
    private static partial Regex Scheme();
}
