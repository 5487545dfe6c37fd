using System.Diagnostics;

namespace RealNvp.Workbook.Commands;

/// <summary>How many of a known number are done, with a rate and the time left: a line for each, and in a terminal one more that stays below.</summary>
internal sealed class CountProgress(string what, int total) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private int _done;

    internal void Add(string line)
    {
        lock (_lock)
        {
            _done++;
            Wipe();
            Console.WriteLine(line);
            var rate = _watch.Elapsed / _done;
            if (!Console.IsErrorRedirected && _done < total)
                Console.Error.Write($"\r{_done} of {total} {what}, {rate.TotalSeconds:f1} s each, {Words(rate * (total - _done))} left");
        }
    }

    public void Dispose()
    {
        Wipe();
        Console.WriteLine($"{_done} of {total} {what} in {Words(_watch.Elapsed)}");
    }

    private static void Wipe()
    {
        if (!Console.IsErrorRedirected) Console.Error.Write("\r" + new string(' ', Math.Max(20, Console.WindowWidth - 1)) + "\r");
    }

    private static string Words(TimeSpan time) => time.TotalMinutes >= 2 ? $"{time.TotalMinutes:f0} min" : $"{time.TotalSeconds:f0} s";
}
