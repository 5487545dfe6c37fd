using System.Text;
using Microsoft.DotNet.Interactive;

namespace RealNvp.Workbook.Jupyter;

/// <summary>Jupyter counts a cursor in code points, .NET in UTF-16 units, the kernel in lines.</summary>
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

    internal static int CodePointsAt(string code, int index) => code.AsSpan(0, Math.Clamp(index, 0, code.Length)).EnumerateRunes().Count();

    internal static LinePosition PositionOf(string code, int index)
    {
        var before = code.AsSpan(0, index);
        var line = before.Count('\n');
        return new LinePosition(line, index - (before.LastIndexOf('\n') + 1));
    }

    internal static int IndexOf(string code, LinePosition position)
    {
        var index = 0;
        for (var line = 0; line < position.Line; line++)
        {
            var end = code.IndexOf('\n', index);
            if (end < 0) return code.Length;
            index = end + 1;
        }
        return Math.Min(code.Length, index + position.Character);
    }

    private static int Count(this SpanRuneEnumerator runes)
    {
        var count = 0;
        foreach (var _ in runes) count++;
        return count;
    }
}
