using System.Text;

namespace RealNvp.Workbook.Execution;

/// <summary>What a terminal would show of a stream: a carriage return begins the line again.</summary>
internal sealed class StreamText(int limit)
{
    private readonly StringBuilder _text = new();
    private int _lineStart;
    private bool _returned;
    private long _dropped;

    internal void Append(string text)
    {
        foreach (var c in text)
        {
            if (c == '\r')
            {
                _returned = true;
                continue;
            }
            if (_returned && c != '\n') _text.Length = Math.Min(_text.Length, _lineStart);
            _returned = false;
            if (_text.Length >= limit)
            {
                _dropped++;
                continue;
            }
            _text.Append(c);
            if (c == '\n') _lineStart = _text.Length;
        }
    }

    public override string ToString() =>
        _dropped == 0 ? _text.ToString() : $"{_text}\n... ({_dropped} more characters were printed and are left out)\n";
}
