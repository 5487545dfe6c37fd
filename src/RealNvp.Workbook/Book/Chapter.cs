using System.Text;
using System.Text.Json.Nodes;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Book;

/// <summary>A stretch of a chapter under one heading, as the search sees it.</summary>
/// <param name="Page">The page's address.</param>
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
internal sealed record Chapter(string Page, string Title, IReadOnlyList<Heading> Sections, string Body,
    IReadOnlyList<Passage> Passages)
{
    /// <summary>The page's address, as an attribute has it.</summary>
    public string Address => Escaped.Html(Uri.EscapeDataString(Page));

    public static Chapter Of(NotebookFile notebook)
    {
        BookMarkdown markdown = new();
        StringBuilder body = new();
        List<(int Headings, string Words)> words = [];
        foreach (var cell in notebook.Cells)
        {
            var before = markdown.Headings.Count;
            if (cell.Type == "markdown")
            {
                var (html, text) = markdown.Render(cell.Source, AttachmentsOf(cell));
                body.Append("<section class=\"text\">").Append(html).Append("</section>\n");
                words.Add((Math.Max(before + 1, markdown.Headings.Count), text));
            }
            else if (cell.IsCode)
            {
                body.Append(Code(cell));
                words.Add((before, cell.Source.ReplaceLineEndings(" ")));
            }
            else body.Append("<pre class=\"output\">").Append(Escaped.Html(cell.Source)).Append("</pre>\n");
        }
        var name = Path.GetFileNameWithoutExtension(notebook.Path);
        var title = markdown.Headings.FirstOrDefault(heading => heading.Level == 1)?.Text ?? name;
        var page = $"{name}.html";
        return new Chapter(page, title, [.. markdown.Headings.Where(heading => heading.Level == 2)], body.ToString(),
            PassagesOf(page, title, markdown.Headings, words));
    }

    private static string Code(NotebookCell cell)
    {
        if (string.IsNullOrWhiteSpace(cell.Source)) return "";
        StringBuilder html = new("<section class=\"cell\"><pre class=\"code\" tabindex=\"0\"><code>");
        html.Append(CSharpHighlighter.ToHtml(cell.Source)).Append("</code></pre>");
        foreach (var output in CellOutput.AllOf(cell)) html.Append(OutputHtml.Of(output));
        return html.Append("</section>\n").ToString();
    }

    /// <summary>Pictures in a markdown cell: name to data address.</summary>
    private static Dictionary<string, string> AttachmentsOf(NotebookCell cell)
    {
        Dictionary<string, string> addresses = [];
        foreach ((var name, var types) in cell.Json["attachments"] as JsonObject ?? [])
            if (types is JsonObject { Count: > 0 } pictures)
                addresses[name] = $"data:{pictures.First().Key};base64,{NotebookFile.Text(pictures.First().Value).ReplaceLineEndings("")}";
        return addresses;
    }

    // A cell belongs to the last heading at or before it.
    private static Passage[] PassagesOf(string page, string title, IReadOnlyList<Heading> headings,
        List<(int Headings, string Words)> words)
    {
        Heading top = new(1, "", title);
        return [.. words
            .GroupBy(cell => Math.Min(cell.Headings, headings.Count))
            .Select(group => (Heading: group.Key == 0 ? top : headings[group.Key - 1],
                Text: string.Join(' ', group.Select(cell => cell.Words))))
            .Select(passage => new Passage(Uri.EscapeDataString(page), passage.Heading.Id, title, passage.Heading.Text, passage.Text))];
    }
}
