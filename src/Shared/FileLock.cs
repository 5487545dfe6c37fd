namespace RealNvp;

/// <summary>
/// Says that a process writes a file over a long time: to others, which, and since when. It ends with the process, however that
/// ends.
/// </summary>
/// <remarks>
/// It is an open handle on a hidden file beside, which the system closes for a process that is killed. Nobody else can open that
/// file meanwhile, but anybody can see its length and its time: the length is the number of the process, the time when it began.
/// </remarks>
internal sealed class FileLock : IDisposable
{
    private const int Attempts = 20;

    private static readonly Lock OneAtATime = new();

    private readonly FileStream _held;
    private readonly string _path;

    private FileLock(FileStream held, string path) => (_held, _path) = (held, path);

    /// <summary>Takes the lock of a file, which need not be there yet; its folder is made.</summary>
    /// <param name="file">The file.</param>
    /// <param name="named">What the message calls it; null for its path.</param>
    /// <exception cref="IOException">Another process, or another run of this one, has it: the message says which.</exception>
    internal static FileLock Take(string file, string? named = null)
    {
        var full = Path.GetFullPath(file);
        var path = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.lock");
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        lock (OneAtATime)
            for (var attempt = 1; ; attempt++)
                if (TryTake(path, named ?? full, attempt == Attempts) is { } taken) return taken;
    }

    private static FileLock? TryTake(string path, string file, bool isLastAttempt)
    {
        if (new FileInfo(path).LinkTarget is not null || (Path.Exists(path) && !PlainFile.IsThere(path)))
            throw new IOException($"{path}, the lock of {file}, is no plain file; delete it.");
        FileStream stream;
        try
        {
            // Where the system can, it deletes the file with the handle; elsewhere Dispose does.
            stream = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1,
                OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new IOException($"{file} is being written by {Holder(path)}; wait for it, or name another file.");
        }
        catch (UnauthorizedAccessException) when (OperatingSystem.IsWindows() && !isLastAttempt)
        {
            Thread.Sleep(10);   // Windows is just deleting it
            return null;
        }
        try
        {
            stream.SetLength(Environment.ProcessId);
            File.SetLastWriteTimeUtc(stream.SafeFileHandle, DateTime.UtcNow);
            // Who had it before may have deleted the file between our opening and our locking: then it is another one by now.
            if (new FileInfo(path) is { Exists: true } now && now.Length == Environment.ProcessId) return new(stream, path);
            stream.Dispose();
            return isLastAttempt ? throw new IOException($"{path}, the lock of {file}, cannot be taken; try again.") : null;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static string Holder(string path)
    {
        var held = new FileInfo(path);
        return held is { Exists: true, Length: > 0 }
            ? $"{(held.Length == Environment.ProcessId ? "another run of this process" : $"process {held.Length}")} since "
                + $"{held.LastWriteTime:yyyy-MM-dd HH:mm:ss}"
            : "another process";
    }

    public void Dispose()
    {
        lock (OneAtATime)
        {
            if (!OperatingSystem.IsWindows() && _held.CanWrite) File.Delete(_path);
            _held.Dispose();
        }
    }
}
