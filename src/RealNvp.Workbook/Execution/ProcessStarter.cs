using System.Collections.Concurrent;

namespace RealNvp.Workbook.Execution;

/// <summary>
/// A thread that lasts as long as this process. A process that asks Linux to end with its parent (PR_SET_PDEATHSIG) ends with the
/// thread that started it, and the threads of the pool come and go.
/// </summary>
internal static class ProcessStarter
{
    private static readonly BlockingCollection<Action> Work = [];

    static ProcessStarter() => new Thread(() =>
    {
        foreach (var work in Work.GetConsumingEnumerable()) work();
    })
    { IsBackground = true, Name = "starts processes" }.Start();

    internal static T Run<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task.GetAwaiter().GetResult();
    }
}
