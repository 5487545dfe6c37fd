namespace RealNvp.Workbook.Classroom;

/// <summary>Folders and files that only their owner reads, where the system has such rights.</summary>
internal static class PrivateFolder
{
    private const UnixFileMode Read = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    internal static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }
        Directory.CreateDirectory(path, Read | UnixFileMode.UserExecute);
        // One that was there already.
        File.SetUnixFileMode(path, Read | UnixFileMode.UserExecute);
    }

    /// <summary>Writes a file in a folder that <see cref="Create"/> has made: it is nobody's else at any time.</summary>
    internal static void Write(string path, byte[] content)
    {
        AtomicFile.Write(path, stream => stream.Write(content));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, Read);
    }
}
