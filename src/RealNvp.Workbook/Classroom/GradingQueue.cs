using System.Collections.Concurrent;

namespace RealNvp.Workbook.Classroom;

/// <summary>
/// Grades many submissions, several at once; one that breaks the grader itself is reported as such and does not stop the others.
/// </summary>
internal sealed class GradingQueue(Grader grader, int jobs)
{
    internal async Task RunAsync(IReadOnlyList<Submission> submissions, Action<GradingResult> done, CancellationToken cancel)
    {
        var places = new ConcurrentBag<int>(Enumerable.Range(0, jobs));
        var gate = new Lock();
        await Parallel.ForEachAsync(submissions,
            new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = cancel }, async (submission, stop) =>
        {
            if (!places.TryTake(out var place)) throw new InvalidOperationException("more submissions run than there are places");
            try
            {
                GradingResult attempt;
                try
                {
                    attempt = await grader.GradeAsync(submission, place, stop).ConfigureAwait(false);
                }
                catch (Exception e) when (e is not (OperationCanceledException or UserException))
                {
                    attempt = grader.Broken(submission, e);
                }
                lock (gate) done(attempt);
            }
            finally
            {
                places.Add(place);
            }
        }).ConfigureAwait(false);
    }
}
