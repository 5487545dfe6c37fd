using System.Text.RegularExpressions;
using RealNvp.Figures;

namespace RealNvp.Workbook.Book;

/// <summary>A cell's outputs as HTML.</summary>
internal static partial class OutputHtml
{
    public static string Of(CellOutput output) => output.Kind switch
    {
        "stream" => Text(output.Text, output.Stream == "stderr" ? "stderr" : "stdout"),
        "error" => Text(output.Text, "error"),
        _ => Data(output.Data),
    };

    private static string Data(IReadOnlyDictionary<string, string> data)
    {
        if (data.TryGetValue("text/html", out var html)) return Html(html, data);
        if (data.TryGetValue(BookPicture.Svg, out var svg)) return Picture(BookPicture.AddressOfSvg(svg), BookPicture.Svg);
        foreach (var type in BookPicture.Types)
            if (data.TryGetValue(type, out var picture)) return Picture(BookPicture.Address(type, picture), type);
        if (data.TryGetValue("text/markdown", out var markdown))
            return $"<div class=\"output\">{new BookMarkdown().Render(markdown, NoAttachments).Html}</div>";
        if (data.TryGetValue("text/latex", out var latex))
            return $"<div class=\"output math\">\\[{Escaped.Html(latex.Trim().Trim('$'))}\\]</div>";
        return data.TryGetValue("text/plain", out var plain) ? Text(plain, "stdout") : "";
    }

    // The page has plotly.js beside it: what brings it into a notebook stays out of the book.
    private static string Html(string html, IReadOnlyDictionary<string, string> data)
    {
        if (html.Contains("data-realnvp-library", StringComparison.Ordinal)) return "";
        if (BrowserAssets.FigureWithoutScript(html) is { } figure) return $"<div class=\"output html\">{figure}</div>";
        string? clean;
        try
        {
            clean = BookLimit.Run(() => ForeignHtml.Clean(html));
        }
        catch (BookLimitException)
        {
            clean = null;
        }
        return clean is not null ? $"<div class=\"output html\">{clean}</div>"
            : LeftOut("HTML that is too much to look through") + Text(data.GetValueOrDefault("text/plain", ""), "stdout");
    }

    private static string Picture(string? address, string type) => address is null
        ? LeftOut($"a picture that is not {type}")
        : $"<div class=\"output\"><img alt=\"output of the cell above\" src=\"{address}\"></div>";

    private static string LeftOut(string what) => $"<p class=\"output limit\">An output is left out: {what}.</p>";

    private static string Text(string text, string kind)
    {
        var plain = TerminalColours().Replace(text, "").ReplaceLineEndings("\n").TrimEnd('\n');
        if (plain.Length == 0) return "";
        var lines = plain.Split('\n').Select(line => line.StartsWith('✓')
            ? $"<span class=\"holds\">{Escaped.Html(line)}</span>"
            : Escaped.Html(line));
        return $"<pre class=\"output {kind}\" tabindex=\"0\">{string.Join('\n', lines)}</pre>";
    }

    private static readonly Dictionary<string, string> NoAttachments = [];

    [GeneratedRegex(@"\x1B\[[0-9;]*[A-Za-z]")]
    private static partial Regex TerminalColours();
}
