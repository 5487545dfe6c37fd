using System.Text;

namespace RealNvp.Workbook.Jupyter;

/// <summary>Jupyter counts a cursor in code points, .NET in UTF-16 units.</summary>
internal static class CursorText
{
    /// <summary>The UTF-16 index of a code point.</summary>
    internal static int IndexOf(string code, int codePoints)
    {
        var index = 0;
        foreach (var rune in code.EnumerateRunes())
        {
            if (codePoints-- <= 0) break;
            index += rune.Utf16SequenceLength;
        }
        return index;
    }

    internal static int CodePointsAt(string code, int index) =>
        code.AsSpan(0, Math.Clamp(index, 0, code.Length)).EnumerateRunes().Count();

    private static int Count(this SpanRuneEnumerator runes)
    {
        var count = 0;
        foreach (var _ in runes) count++;
        return count;
    }
}
