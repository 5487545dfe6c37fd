using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Commands;

/// <summary>One line in the terminal that says which cell runs, for how long, and what it last printed; silent where output goes to a file.</summary>
public sealed class ProgressLine : IProgress<RunProgress>, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly string _name;
    private readonly Timer? _timer;
    private RunProgress? _last;
    private DateTime _since;

    public ProgressLine(string name)
    {
        _name = name;
        if (!Console.IsErrorRedirected) _timer = new Timer(_ => Draw(), null, Tick, Tick);
    }

    public void Report(RunProgress value)
    {
        lock (_lock)
        {
            _last = value;
            _since = DateTime.UtcNow - value.Elapsed;
        }
    }

    private void Draw()
    {
        lock (_lock)
        {
            if (_last is not { Outcome: null } p) return;
            var text = $"{_name}  cell {p.Done + 1} of {p.Total}  {(DateTime.UtcNow - _since).TotalSeconds:f0} s  {p.LastOutput ?? p.FirstLine}";
            var width = Math.Max(20, Console.WindowWidth - 1);
            Console.Error.Write("\r" + (text.Length > width ? text[..width] : text.PadRight(width)));
        }
    }

    /// <summary>Ends the line and wipes it.</summary>
    public void Dispose()
    {
        if (_timer is null) return;
        _timer.Dispose();
        lock (_lock)
        {
            if (_last is null) return;
            _last = null;
            Console.Error.Write("\r" + new string(' ', Math.Max(20, Console.WindowWidth - 1)) + "\r");
        }
    }
}
