namespace RealNvp.Workbook.Execution;

/// <summary>Lines of bytes from a pipe, each at most so long: whoever writes without end fills nobody's memory.</summary>
/// <param name="stream">What is read.</param>
/// <param name="most">The most bytes of a line.</param>
/// <param name="cuts">Whether a longer line comes in pieces; else it is an error.</param>
internal sealed class MessageLines(Stream stream, int most, bool cuts)
{
    private const int Chunk = 1 << 16;

    private byte[] _buffer = new byte[Chunk];
    private int _start, _scanned, _end;

    /// <summary>The next line without its end, valid until the next call; null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">The line is too long.</exception>
    internal async ValueTask<ReadOnlyMemory<byte>?> ReadAsync()
    {
        while (true)
        {
            var found = _buffer.AsSpan(_scanned, _end - _scanned).IndexOf((byte)'\n');
            if (found >= 0) return Take(_scanned + found, 1);
            _scanned = _end;
            if (_end - _start > most)
                return cuts ? Take(_end, 0) : throw new InvalidDataException($"a message of more than {most >> 20} MB");
            MakeRoom();
            var read = await stream.ReadAsync(_buffer.AsMemory(_end)).ConfigureAwait(false);
            _end += read;
            if (read > 0) continue;
            // What ends in the middle of a line is text all the same, and no message. (A conditional would make null an empty line.)
            if (cuts && _end > _start) return Take(_end, 0);
            return null;
        }
    }

    private ReadOnlyMemory<byte> Take(int end, int separator)
    {
        var line = _buffer.AsMemory(_start, end - _start);
        _start = _scanned = end + separator;
        return line;
    }

    private void MakeRoom()
    {
        if (_buffer.Length - _end >= Chunk / 2) return;
        var size = _end - _start;
        var target = size + Chunk > _buffer.Length ? new byte[Math.Max(2 * size, size + Chunk)]
            : size + Chunk < _buffer.Length / 4 ? new byte[size + Chunk] : _buffer;
        Buffer.BlockCopy(_buffer, _start, target, 0, size);
        (_buffer, _scanned, _start, _end) = (target, _scanned - _start, 0, size);
    }
}
