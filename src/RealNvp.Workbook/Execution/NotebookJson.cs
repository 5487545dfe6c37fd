using System.Globalization;
using System.Text;

namespace RealNvp.Workbook.Execution;

/// <summary>
/// The JSON of a notebook as it lies in files, made the JSON of the standard (RFC 8259): any Unicode encoding, NaN and Infinity
/// (which Python writes; they become null, as JavaScript has it), halves of surrogate pairs (U+FFFD). Outputs of an earlier run,
/// where nobody wants them, are left out before anything looks into them: whatever they hold, they cannot hurt.
/// </summary>
internal sealed class NotebookJson
{
    /// <summary>How deep a notebook is nested at most, outputs that are left out not counted.</summary>
    internal const int Deepest = 512;

    private const int MostCells = 20_000;

    private static readonly string[] NoNumbers = ["NaN", "Infinity", "-Infinity"];

    private readonly string _text;
    private readonly StringBuilder _json;
    private int _at;

    private NotebookJson(string text) => (_text, _json) = (text, new StringBuilder(text.Length));

    /// <summary>The content as JSON, on the lines on which it stood.</summary>
    /// <exception cref="InvalidDataException">It has more cells, or is nested deeper, than anybody writes.</exception>
    internal static string Of(byte[] content, bool withOutputs) => new NotebookJson(Decode(content)).Rewrite(withOutputs);

    /// <summary>By the byte order mark, or else by where the zeros of the first character are.</summary>
    private static string Decode(byte[] content)
    {
        var guess = content switch
        {
            [not 0, 0, ..] => Encoding.Unicode,
            [0, not 0, ..] => Encoding.BigEndianUnicode,
            _ => Encoding.UTF8,
        };
        using var reader = new StreamReader(new MemoryStream(content), guess, detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd().TrimStart('\uFEFF').TrimEnd('\0', '\u001A', ' ', '\t', '\r', '\n');
    }

    private string Rewrite(bool withOutputs)
    {
        // The document is 1 deep, its list of cells 2, a cell 3.
        var (depth, inCells, name, cells) = (0, false, "", 0);
        while (_at < _text.Length)
        {
            switch (_text[_at])
            {
                case '"':
                    var start = _at + 1;
                    CopyString();
                    if (depth <= 3) name = _text[start..Math.Max(start, _at - 1)];
                    continue;
                case '{' or '[' when depth == 3 && inCells && !withOutputs && name == "outputs":
                    SkipValue();
                    continue;
                case '{' or '[':
                    if (++depth > Deepest) throw new InvalidDataException($"lists nested deeper than {Deepest} levels");
                    if (depth == 2) inCells = name == "cells";
                    if (depth == 3 && inCells && ++cells > MostCells)
                        throw new InvalidDataException($"more than {MostCells} cells");
                    break;
                case '}' or ']': depth--; break;
                case 'N' or 'I' or '-' when NoNumber() is { } word:
                    _json.Append("null");
                    _at += word.Length;
                    continue;
            }
            _json.Append(_text[_at++]);
        }
        return _json.ToString();
    }

    private string? NoNumber() => NoNumbers.FirstOrDefault(word => string.CompareOrdinal(_text, _at, word, 0, word.Length) == 0
        && (_at + word.Length == _text.Length || !char.IsLetterOrDigit(_text[_at + word.Length])));

    private void CopyString()
    {
        _json.Append(_text[_at++]);
        while (_at < _text.Length && _text[_at] != '"')
        {
            if (_text[_at] != '\\') _json.Append(_text[_at++]);
            else if (Unit(_at) is not { } unit || !char.IsSurrogate(unit)) Copy(2);
            else if (char.IsHighSurrogate(unit) && Unit(_at + 6) is { } low && char.IsLowSurrogate(low)) Copy(12);
            else
            {
                _json.Append("\\uFFFD");
                _at += 6;
            }
        }
        Copy(1);
    }

    /// <summary>The number of \uXXXX at a place; null where something else is there.</summary>
    private char? Unit(int at) => string.CompareOrdinal(_text, at, "\\u", 0, 2) == 0 && at + 6 <= _text.Length
        && ushort.TryParse(_text.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit : null;

    private void Copy(int characters)
    {
        characters = Math.Min(characters, _text.Length - _at);
        _json.Append(_text, _at, characters);
        _at += characters;
    }

    /// <summary>Puts an empty list in the place of a list or an object; its line ends stay, so that errors name lines.</summary>
    private void SkipValue()
    {
        _json.Append('[');
        var (depth, inString) = (0, false);
        do
        {
            var c = _text[_at++];
            if (c == '\n') _json.Append(c);
            if (inString && c == '\\') _at++;
            else if (c == '"') inString = !inString;
            else if (!inString && c is '{' or '[') depth++;
            else if (!inString && c is '}' or ']') depth--;
        }
        while (depth > 0 && _at < _text.Length);
        if (depth == 0) _json.Append(']');
    }
}
