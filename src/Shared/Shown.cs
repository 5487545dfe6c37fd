using System.Globalization;
using System.Text;

namespace RealNvp;

/// <summary>
/// What others wrote, as a message shows it: short, and without characters that a terminal acts on or that turn a line around.
/// </summary>
internal static class Shown
{
    private const int Most = 200;

    /// <summary>At most so many visible characters, on one line; of a longer text its start and its end.</summary>
    internal static string Text(string? text, int most = Most)
    {
        text ??= "";
        var visible = text.Length <= 2 * most ? Visible(text) : Visible(text[..most]) + "…" + Visible(text[^most..]);
        if (visible.Length <= most) return visible;
        var (head, tail) = (most * 3 / 4, most - 1 - most * 3 / 4);
        if (char.IsHighSurrogate(visible[head - 1])) head--;
        if (char.IsLowSurrogate(visible[^tail])) tail--;
        return $"{visible[..head]}…{visible[^tail..]}";
    }

    /// <summary>The whole text; its lines stay lines.</summary>
    internal static string Lines(string text) => Visible(text.Replace("\r\n", "\n", StringComparison.Ordinal), '\n');

    private static string Visible(string text, char? kept = null)
    {
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var isWhole = Rune.TryGetRuneAt(text, at, out var rune);
            var length = isWhole ? rune.Utf16SequenceLength : 1;
            if (isWhole && (text[at] == kept || !Acts(rune))) result.Append(text, at, length);
            else if (length == 1) result.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[at]:x4}");
            else result.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");
            at += length;
        }
        return result.ToString();
    }

    private static bool Acts(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
