namespace RealNvp.Workbook.Book;

/// <summary>Something in a notebook is more than the book takes in; the message is a clause that says what.</summary>
internal sealed class BookLimitException(string message) : Exception(message);

/// <summary>Work on what others wrote, with an end in any case.</summary>
internal static class BookLimit
{
    /// <summary>The most characters of a text cell.</summary>
    public const int MostCharacters = 200_000;

    private const int Stack = 64 << 20;

    // Processor time, of all of this process: a machine that is busy with others changes nothing. Real cells take milliseconds.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    /// <summary>What comes of work that changes nothing but its result.</summary>
    /// <exception cref="BookLimitException">It takes too long. It goes on beside, until the program ends.</exception>
    public static T Run<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>();
        new Thread(() =>
        {
            try
            {
                done.TrySetResult(work());
            }
            catch (Exception e)
            {
                done.TrySetException(e);
            }
        }, Stack)
        { IsBackground = true, Name = "makes the book" }.Start();
        var started = Environment.CpuUsage.TotalTime;
        while (Task.WhenAny(done.Task, Task.Delay(Glance)).GetAwaiter().GetResult() != done.Task)
            if (Environment.CpuUsage.TotalTime - started > Longest)
                throw new BookLimitException($"it takes longer than {Longest.TotalSeconds:0} s to read");
        return done.Task.GetAwaiter().GetResult();
    }
}
