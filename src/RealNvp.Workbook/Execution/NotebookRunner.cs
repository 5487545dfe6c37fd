namespace RealNvp.Workbook.Execution;

/// <summary>Runs notebooks from top to bottom without a client.</summary>
internal static class NotebookRunner
{
    /// <summary>
    /// Runs a notebook's cells in a process of their own, in the notebook's folder, up to the first one that fails, and writes
    /// the executed copy: the notebook with the outputs of this run and every other field as it was.
    /// </summary>
    /// <exception cref="UserException">The notebook cannot be read, or the copy cannot be written.</exception>
    public static async Task<RunSummary> RunAsync(
        string notebookPath, string outputPath, RunOptions? options = null, IProgress<RunProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var notebook = NotebookFile.Read(notebookPath);
        var target = Path.GetFullPath(outputPath);
        if (target == notebook.Path) throw new UserException($"{target}: the executed copy would overwrite the notebook itself");
        try
        {
            AtomicFile.CheckWritable(target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{target}: the executed copy cannot be written there: {e.Message}", e);
        }
        var run = new NotebookRun(notebook, options ?? new RunOptions(), progress);
        var (cells, elapsed, error) = await run.RunAsync(cancellationToken).ConfigureAwait(false);
        notebook.Write(target);
        return new RunSummary(notebook.Path, target, cells, elapsed, error);
    }
}
