using System.Diagnostics;

namespace RealNvp.Workbook.Commands;

/// <summary>How many of a known number are done, with a rate and the time left.</summary>
internal sealed class CountProgress(string what, int total) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly StatusLine _status = new();
    private int _done;

    internal void Add(string line)
    {
        lock (_lock)
        {
            _done++;
            _status.WriteLine(line);
            var rate = _watch.Elapsed / _done;
            _status.Show($"{_done} of {total} {what}, {rate.TotalSeconds:f1} s each, {Words(rate * (total - _done))} left");
        }
    }

    public void Dispose()
    {
        _status.Dispose();
        Console.WriteLine($"{_done} of {total} {what} in {Words(_watch.Elapsed)}");
    }

    private static string Words(TimeSpan time) =>
        time.TotalMinutes >= 2 ? $"{time.TotalMinutes:f0} min" : $"{time.TotalSeconds:f0} s";
}
