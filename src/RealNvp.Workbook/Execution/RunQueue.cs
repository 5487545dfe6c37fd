using RealNvp.Workbook.Execution.Cache;

namespace RealNvp.Workbook.Execution;

/// <summary>Told what a queue does. Its members are called from several threads at once.</summary>
internal interface IRunWatcher
{
    /// <summary>Notebooks whose outputs came back, and what is going to run.</summary>
    void Planned(IReadOnlyList<RunSummary> restored, IReadOnlyList<PlannedRun> toRun);

    /// <summary>A notebook begins.</summary>
    IProgress<RunProgress> Began(PlannedRun run);

    /// <summary>It is done, or failed.</summary>
    void Ended(PlannedRun run, RunSummary summary);
}

/// <summary>A notebook that is going to run.</summary>
/// <param name="Path">The notebook.</param>
/// <param name="Expected">How long its last run took; null where it never ran here.</param>
internal sealed record PlannedRun(string Path, TimeSpan? Expected);

/// <summary>
/// Runs notebooks, several at a time, the longest first; those in which nothing has changed get their outputs back instead.
/// </summary>
internal sealed class RunQueue(Repository repository, string budget, RunOptions limits, int jobs, bool force)
{
    private readonly RunCache _cache = new(repository.RunCache);

    /// <summary>
    /// Runs them and returns how each ended, in the order given; those that a stop kept from starting are left out.
    /// </summary>
    /// <exception cref="UserException">A file is not a notebook, or a copy cannot be written.</exception>
    internal async Task<IReadOnlyList<RunSummary>> RunAsync(IReadOnlyList<string> notebooks, IRunWatcher watcher,
        CancellationToken cancel)
    {
        var inputs = InputsNow();
        List<RunSummary> summaries = [];
        List<PlannedRun> toRun = [];
        foreach (var path in notebooks)
        {
            var notebook = NotebookFile.Read(path);
            var restored = force ? null
                : _cache.Restore(notebook, RunKey.Of(notebook, budget, inputs), repository.ExecutedCopy(path));
            if (restored is not null) summaries.Add(restored);
            else toRun.Add(new PlannedRun(path, _cache.LastDuration(notebook)));
        }
        watcher.Planned([.. summaries], toRun);

        var atOnce = Math.Max(1, Math.Min(jobs, toRun.Count));
        var options = limits with
        {
            Environment = new Dictionary<string, string?>(Threads.Share(atOnce)) { ["WORKBOOK_BUDGET"] = budget }
        };
        // The longest first, so that no core is idle at the end while another has a long notebook left; a new one may be long.
        await Parallel.ForEachAsync(toRun.OrderByDescending(run => run.Expected ?? TimeSpan.MaxValue),
            new ParallelOptions { MaxDegreeOfParallelism = atOnce },
            async (run, _) =>
            {
                if (cancel.IsCancellationRequested) return;
                var summary = await RunOneAsync(run, options, inputs, watcher.Began(run), cancel).ConfigureAwait(false);
                lock (summaries) summaries.Add(summary);
                watcher.Ended(run, summary);
            }).ConfigureAwait(false);
        var place = notebooks.Index().ToDictionary(one => Path.GetFullPath(one.Item), one => one.Index);
        return [.. summaries.OrderBy(summary => place[summary.NotebookPath])];
    }

    private async Task<RunSummary> RunOneAsync(
        PlannedRun run, RunOptions options, string inputs, IProgress<RunProgress> progress, CancellationToken cancel)
    {
        // The notebook may have been edited while others ran, and anything may change while it runs: what is kept has the same
        // key before and after.
        var key = RunKey.Of(NotebookFile.Read(run.Path), budget, inputs);
        var summary = await NotebookRunner.RunAsync(run.Path, repository.ExecutedCopy(run.Path), options, progress, cancel)
            .ConfigureAwait(false);
        if (summary.Succeeded && key == RunKey.Of(NotebookFile.Read(run.Path), budget, InputsNow()))
            Keep(summary, key);
        return summary;
    }

    /// <summary>What cannot be kept, as on a full disk, is run again next time: the run itself was fine.</summary>
    private void Keep(RunSummary summary, string key)
    {
        try
        {
            _cache.Keep(summary, key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"the outputs of {Path.GetFileName(summary.NotebookPath)} are not kept: {e.Message}");
        }
    }

    private string InputsNow() => CacheInputs.Of(repository);
}
