namespace RealNvp.Flows.Training;

/// <summary>Writes a file so that a reader sees the old one or the whole new one, whenever the process dies.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes beside the target, flushes to the disk, then renames over the target. What a killed process left half-written is overwritten by the next write.
    /// </summary>
    internal static void Write(string path, Action<Stream> write)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full)!;
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(full)}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
