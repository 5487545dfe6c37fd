using System.Text;

namespace RealNvp.Workbook.Book;

/// <summary>A stretch of a chapter under one heading, as the search sees it.</summary>
/// <param name="Page">The page's file name.</param>
/// <param name="Anchor">The heading's anchor.</param>
/// <param name="Chapter">The chapter's title.</param>
/// <param name="Heading">The heading.</param>
/// <param name="Text">The words under it.</param>
internal sealed record Passage(string Page, string Anchor, string Chapter, string Heading, string Text);

/// <summary>A chapter of the book.</summary>
/// <param name="Page">The page's file name.</param>
/// <param name="Title">The title.</param>
/// <param name="Sections">Headings of the second level.</param>
/// <param name="Body">The cells as HTML.</param>
/// <param name="Passages">What the search finds.</param>
internal sealed record Chapter(string Page, string Title, IReadOnlyList<Heading> Sections, string Body, IReadOnlyList<Passage> Passages)
{
    public static Chapter Of(Notebook notebook)
    {
        BookMarkdown markdown = new();
        StringBuilder body = new();
        List<(int Headings, string Words)> words = [];
        foreach (NotebookCell cell in notebook.Cells)
        {
            int before = markdown.Headings.Count;
            if (cell.Kind == "markdown")
            {
                body.Append("<section class=\"text\">").Append(markdown.ToHtml(cell.Source, cell.Attachments)).Append("</section>\n");
                words.Add((Math.Max(before + 1, markdown.Headings.Count), BookMarkdown.Words(cell.Source)));
            }
            else if (cell.Kind == "code")
            {
                body.Append(Code(cell));
                words.Add((before, cell.Source.ReplaceLineEndings(" ")));
            }
            else body.Append("<pre class=\"output\">").Append(Escaped.Html(cell.Source)).Append("</pre>\n");
        }
        string title = markdown.Headings.FirstOrDefault(heading => heading.Level == 1)?.Text ?? notebook.Name;
        string page = $"{notebook.Name}.html";
        return new Chapter(page, title, [.. markdown.Headings.Where(heading => heading.Level == 2)], body.ToString(), PassagesOf(page, title, markdown.Headings, words));
    }

    private static string Code(NotebookCell cell)
    {
        if (string.IsNullOrWhiteSpace(cell.Source)) return "";
        StringBuilder html = new("<section class=\"cell\"><pre class=\"code\" tabindex=\"0\"><code>");
        html.Append(CSharpHighlighter.ToHtml(cell.Source)).Append("</code></pre>");
        foreach (CellOutput output in cell.Outputs) html.Append(OutputHtml.Of(output));
        return html.Append("</section>\n").ToString();
    }

    // A cell belongs to the last heading at or before it.
    private static Passage[] PassagesOf(string page, string title, IReadOnlyList<Heading> headings, List<(int Headings, string Words)> words)
    {
        Heading top = new(1, "", title);
        return [.. words
            .GroupBy(cell => Math.Min(cell.Headings, headings.Count))
            .Select(group => (Heading: group.Key == 0 ? top : headings[group.Key - 1], Text: string.Join(' ', group.Select(cell => cell.Words))))
            .Select(passage => new Passage(page, passage.Heading.Id, title, passage.Heading.Text, passage.Text))];
    }
}
