using System.Globalization;

namespace RealNvp.Workbook.Classroom;

/// <summary>
/// Ends what holds more memory than it may. The sum is over a process and all below it, since a limit of the kernel's (setrlimit)
/// holds for one process at a time, and counts address space, of which .NET reserves far more than it uses.
/// </summary>
internal sealed class MemoryWatch : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private readonly Timer _timer;
    private int _looking;

    internal MemoryWatch(int process, long limit, Action exceeded) => _timer = new Timer(_ =>
    {
        if (Interlocked.Exchange(ref _looking, 1) == 1) return;
        if (Resident(process) > limit) exceeded();
        Volatile.Write(ref _looking, 0);
    }, null, Tick, Tick);

    public void Dispose() => _timer.Dispose();

    /// <summary>The memory that a process and its descendants hold, in bytes.</summary>
    internal static long Resident(int root)
    {
        var all = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => char.IsAsciiDigit(name![0]))
            .Select(name => Stat(name!)).OfType<(int Id, int Parent, long Pages)>().ToList();
        var children = all.ToLookup(p => p.Parent);
        var pages = 0L;
        var open = new Queue<(int Id, int Parent, long Pages)>(all.Where(p => p.Id == root));
        while (open.TryDequeue(out var process))
        {
            pages += process.Pages;
            foreach (var child in children[process.Id]) open.Enqueue(child);
        }
        return pages * Environment.SystemPageSize;
    }

    private static (int Id, int Parent, long Pages)? Stat(string process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            // The name is in brackets and may hold anything, brackets and spaces too.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (int.Parse(process, CultureInfo.InvariantCulture), int.Parse(fields[1], CultureInfo.InvariantCulture),
                long.Parse(fields[21], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;   // it has ended since the folder was listed
        }
    }
}
