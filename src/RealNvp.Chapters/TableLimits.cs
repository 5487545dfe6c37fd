namespace RealNvp.Chapters;

/// <summary>
/// Looks through a file before it is read as a table of numbers: one whose rows have no end would fill the memory.
/// </summary>
internal static class TableLimits
{
    internal const long MostBytes = 1L << 28;
    internal const int MostBytesOfLine = 1 << 20;

    private const byte Quote = (byte)'"';

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no plain file.</exception>
    /// <exception cref="FormatException">It is longer than 256 MiB, or has a line of more than 1 MiB, or one with a byte that no
    /// text has; lines of a cell in quotes count as one.</exception>
    internal static void Require(string path)
    {
        using var stream = PlainFile.OpenRead(path);
        if (stream.Length > MostBytes)
            throw new FormatException($"{path} has {stream.Length:n0} bytes; a table has at most {MostBytes:n0}.");
        var (buffer, line, inLine, isQuoted, isWide) = (new byte[1 << 16], 1L, 0, false, (bool?)null);
        for (int count; (count = stream.Read(buffer)) > 0;)
        {
            // UTF-16 has zeros; its byte order mark says so.
            isWide ??= count > 1 && (buffer[0], buffer[1]) is (0xFF, 0xFE) or (0xFE, 0xFF);
            foreach (var b in buffer.AsSpan(0, count))
            {
                if (b == 0 && isWide == false)
                    throw new FormatException($"{path}, line {line}: a table is text, but there is a zero byte.");
                if (b == Quote) isQuoted = !isQuoted;
                inLine = b == '\n' && !isQuoted ? 0 : inLine + 1;
                if (inLine > MostBytesOfLine)
                    throw new FormatException($"{path}, line {line}: a line of a table has at most {MostBytesOfLine:n0} bytes"
                        + $"{(isQuoted ? "; is a quotation mark missing?" : ".")}");
                if (inLine == 0) line++;
            }
        }
    }
}
