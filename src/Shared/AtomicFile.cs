namespace RealNvp;

/// <summary>
/// Files that appear whole or not at all, whenever a process dies. Compiled into each project that writes files.
/// </summary>
internal static class AtomicFile
{
    private const int Attempts = 3;
    private const string Ending = ".tmp";
    private static readonly TimeSpan Unfinished = TimeSpan.FromSeconds(1);   // far longer than from closing a file to renaming it

    /// <summary>
    /// Writes beside the target, flushes to the disk, and renames; a link at the target's place is replaced, not followed. What
    /// killed processes left of the same target is deleted.
    /// </summary>
    /// <param name="path">The target; its folder is made.</param>
    /// <param name="write">Writes the content, at a second call the same.</param>
    internal static void Write(string path, Action<Stream> write)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        DeleteLeftovers(full);
        for (var attempt = 1; !TryWrite(full, write, isLastAttempt: attempt == Attempts); attempt++) { }
    }

    /// <summary>Writes a text, in UTF-8.</summary>
    internal static void Write(string path, string text) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Finds out now, and not after an hour's work, that a file cannot be written there.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    internal static void CheckWritable(string path)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        if (Directory.Exists(full)) throw new IOException("it is a folder");
        var temporary = NameBeside(full);
        Create(temporary).Dispose();
        File.Delete(temporary);
    }

    /// <summary>False where somebody took the written file for a leftover, between its closing and its renaming.</summary>
    private static bool TryWrite(string full, Action<Stream> write, bool isLastAttempt)
    {
        var temporary = NameBeside(full);
        try
        {
            using (var stream = Create(temporary))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
            return true;
        }
        catch (FileNotFoundException) when (!isLastAttempt && !File.Exists(temporary))
        {
            return false;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>A name that nobody else uses: of two who write one file, the last one's is there in the end, whole.</summary>
    private static string NameBeside(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}{Ending}");

    /// <summary>Temporary files of the same target that no process has open.</summary>
    private static void DeleteLeftovers(string path)
    {
        var (prefix, length) = ($".{Path.GetFileName(path)}.", Path.GetFileName(NameBeside(path)).Length);
        try
        {
            foreach (var other in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, "*" + Ending)
                .Where(other => Path.GetFileName(other) is var name && name.Length == length
                    && name.StartsWith(prefix, StringComparison.Ordinal)))
                DeleteUnused(other);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder that may be written but not listed.
        }
    }

    private static void DeleteUnused(string path)
    {
        try
        {
            if (DateTime.UtcNow - File.GetLastWriteTimeUtc(path) < Unfinished) return;
            // for writing, too: opening a pipe for reading alone would wait
            using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None)) { }
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody writes it, or it is gone by now.
        }
    }

    private static FileStream Create(string path) => new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
}
