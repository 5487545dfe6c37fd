namespace RealNvp.Workbook.Setup;

/// <summary>What only one ./workbook does at a time in a checkout: building, and writing what builds take.</summary>
internal static class CheckoutLock
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits for its turn; the turn ends when what is returned is disposed, or with this process.</summary>
    /// <param name="repository">The checkout.</param>
    /// <param name="work">What is done alone; other work has other turns.</param>
    /// <param name="report">Receives a line where there is something to wait for.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="UserException">The checkout's state folder cannot be written.</exception>
    internal static IDisposable Take(Repository repository, string work, Action<string> report, CancellationToken cancel)
    {
        var path = Path.Combine(repository.StateFolder, $"{work}.lock");
        for (var waited = false; ; waited = true)
        {
            try
            {
                Directory.CreateDirectory(repository.StateFolder);
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (UnauthorizedAccessException e)
            {
                throw new UserException($"{repository.StateFolder} cannot be written: {e.Message}", e);
            }
            catch (IOException) when (File.Exists(path))
            {
                if (!waited) report($"another ./workbook is at work here ({work}): waiting for it");
                if (cancel.WaitHandle.WaitOne(Again)) throw new OperationCanceledException(cancel);
            }
            catch (IOException e)
            {
                throw new UserException($"{repository.StateFolder} cannot be written: {e.Message}", e);
            }
        }
    }
}
