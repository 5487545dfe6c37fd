namespace RealNvp.Workbook.ImageModels;

/// <summary>
/// The two files that `train` writes, the checkpoint and its log: looked at before the work, which may take hours, and nobody
/// else's until it ends.
/// </summary>
internal sealed class TrainingFiles : IDisposable
{
    private const string LogBegins = "step,train_loss,";

    // The trainer locks the checkpoint itself, but only from when it begins; this lock is there before we look whether the
    // checkpoint is.
    private readonly FileLock _held;

    private TrainingFiles(FileLock held) => _held = held;

    internal static string LogOf(string checkpoint) => Path.ChangeExtension(checkpoint, ".csv");

    /// <exception cref="UserException">A file cannot be written, is there already, is somebody else's, or another process writes
    /// it.</exception>
    internal static TrainingFiles Take(string checkpoint, bool resume)
    {
        var log = LogOf(checkpoint);
        if (checkpoint == log)
            throw new UserException($"expected --output to name a file (.safetensors), got {checkpoint}, the log's name");
        Failures.RequireWritable(checkpoint);
        Failures.RequireWritable(log);
        var files = new TrainingFiles(Alone(checkpoint, log));
        try
        {
            if (File.Exists(checkpoint) && !resume)
                throw new UserException($"{checkpoint} is there already: --resume goes on from it, --output names another file");
            if (File.Exists(log) && !IsLog(log))
                throw new UserException($"{log} is there already and is no log of a training run, which would take its place: "
                    + "name another file with --output");
            return files;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    private static FileLock Alone(string checkpoint, string log)
    {
        try
        {
            return FileLock.Take(log, checkpoint);
        }
        catch (IOException e)
        {
            throw new UserException($"{e.Message.TrimEnd('.')} (--output)", e);
        }
    }

    private static bool IsLog(string path)
    {
        if (!PlainFile.IsThere(path)) return false;
        using var stream = File.OpenRead(path);
        var start = new byte[LogBegins.Length];
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) is var count
            && System.Text.Encoding.UTF8.GetString(start, 0, count) == LogBegins;
    }

    public void Dispose() => _held.Dispose();
}
