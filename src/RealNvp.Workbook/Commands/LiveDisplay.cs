using System.Collections.Concurrent;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace RealNvp.Workbook.Commands;

/// <summary>Lines that stay, and, where somebody watches a terminal, a picture below them that is redrawn in place.</summary>
internal sealed class LiveDisplay : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);

    private readonly IAnsiConsole _console;
    private readonly Action<string> _plain;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly CancellationTokenSource _end = new();
    private Task _drawing = Task.CompletedTask;

    /// <param name="console">Where to; it says itself whether it can be drawn on.</param>
    /// <param name="plain">Writes a line where it cannot: as it is, without line breaks of the console's own.</param>
    internal LiveDisplay(IAnsiConsole console, Action<string> plain) =>
        (_console, _plain, IsLive) = (console, plain, console.Profile.Capabilities is { Ansi: true, Interactive: true });

    /// <summary>Whether somebody watches: else only lines are written.</summary>
    internal bool IsLive { get; }

    /// <summary>Draws from now on what a function makes, again and again.</summary>
    internal void Draw(Func<IRenderable> picture)
    {
        if (!IsLive) return;
        _drawing = Task.Run(() => _console.Live(picture()).AutoClear(true).Overflow(VerticalOverflow.Crop).StartAsync(async live =>
        {
            while (!_end.IsCancellationRequested)
            {
                WriteQueued();
                live.UpdateTarget(picture());
                await Task.Delay(Tick, _end.Token).ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
            }
        }));
    }

    /// <summary>Writes a line, above the picture where there is one.</summary>
    internal void WriteLine(string line)
    {
        _lines.Enqueue(line);
        if (!IsLive) WriteQueued();
    }

    /// <summary>Takes the picture away; the lines stay. A second call does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_end.IsCancellationRequested) return;
        await _end.CancelAsync().ConfigureAwait(false);
        await _drawing.ConfigureAwait(false);
        WriteQueued();
        _end.Dispose();
    }

    private void WriteQueued()
    {
        lock (_lines)
            while (_lines.TryDequeue(out var line))
                if (IsLive) _console.WriteLine(line);
                else _plain(line);
    }
}
