namespace RealNvp.Workbook.Execution;

/// <summary>Files that appear whole or not at all.</summary>
internal static class OutputFile
{
    /// <summary>Writes beside the target and renames; a link at the target's place is replaced, not followed.</summary>
    internal static void Write(string path, Action<Stream> write)
    {
        var temporary = TemporaryBeside(path);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Finds out now, and not after an hour's run, that a file cannot be written there.</summary>
    internal static void CheckWritable(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (Directory.Exists(path)) throw new IOException("it is a folder");
        var temporary = TemporaryBeside(path);
        new FileStream(temporary, FileMode.CreateNew, FileAccess.Write).Dispose();
        File.Delete(temporary);
    }

    private static string TemporaryBeside(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}");
}
