using System.Text.RegularExpressions;

namespace RealNvp.Workbook.Book;

/// <summary>A cell's outputs as HTML.</summary>
internal static partial class OutputHtml
{
    private static readonly string[] Pictures = ["image/png", "image/jpeg", "image/gif"];

    public static string Of(CellOutput output) => output.Kind switch
    {
        "stream" => Text(output.Text, output.Stream == "stderr" ? "stderr" : "stdout"),
        "error" => Text(output.Text, "error"),
        _ => Data(output.Data),
    };

    private static string Data(IReadOnlyDictionary<string, string> data)
    {
        // The page has plotly.js beside it: what brings it into a notebook stays out of the book.
        if (data.TryGetValue("text/html", out string? html))
            return html.Contains("data-realnvp-library", StringComparison.Ordinal) ? "" : $"<div class=\"output html\">{html}</div>";
        if (data.TryGetValue("image/svg+xml", out string? svg)) return $"<div class=\"output\">{svg}</div>";
        foreach (string type in Pictures)
            if (data.TryGetValue(type, out string? picture))
                return $"<div class=\"output\"><img alt=\"output of the cell above\" src=\"data:{type};base64,{picture.ReplaceLineEndings("")}\"></div>";
        if (data.TryGetValue("text/markdown", out string? markdown)) return $"<div class=\"output\">{new BookMarkdown().ToHtml(markdown, NoAttachments)}</div>";
        if (data.TryGetValue("text/latex", out string? latex)) return $"<div class=\"output math\">\\[{Escaped.Html(latex.Trim().Trim('$'))}\\]</div>";
        return data.TryGetValue("text/plain", out string? plain) ? Text(plain, "stdout") : "";
    }

    private static string Text(string text, string kind)
    {
        string plain = TerminalColours().Replace(text, "").ReplaceLineEndings("\n").TrimEnd('\n');
        if (plain.Length == 0) return "";
        IEnumerable<string> lines = plain.Split('\n').Select(line => line.StartsWith('✓')
            ? $"<span class=\"holds\">{Escaped.Html(line)}</span>"
            : Escaped.Html(line));
        return $"<pre class=\"output {kind}\" tabindex=\"0\">{string.Join('\n', lines)}</pre>";
    }

    private static readonly Dictionary<string, string> NoAttachments = [];

    [GeneratedRegex(@"\x1B\[[0-9;]*[A-Za-z]")]
    private static partial Regex TerminalColours();
}
