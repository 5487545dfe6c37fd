using Markdig;
using Markdig.Syntax;

namespace RealNvp.Workbook.Book;

/// <summary>Reads Markdown that somebody wrote, with an end in any case.</summary>
internal static class MarkdownText
{
    /// <exception cref="BookLimitException">It is too long, nested too deeply, or takes too long to read.</exception>
    public static MarkdownDocument Parse(string markdown, MarkdownPipeline pipeline)
    {
        if (markdown.Length > BookLimit.MostCharacters)
            throw new BookLimitException($"it has {markdown.Length} characters, more than {BookLimit.MostCharacters}");
        try
        {
            return BookLimit.Run(() => Markdown.Parse(markdown, pipeline));
        }
        catch (ArgumentException)   // of Markdig, whose documents have at most that many levels
        {
            throw new BookLimitException($"it is nested more than {pipeline.MaximumNestingDepth} levels deep");
        }
    }
}
