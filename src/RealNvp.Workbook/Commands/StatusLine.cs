using Spectre.Console;

namespace RealNvp.Workbook.Commands;

/// <summary>Where some work stands: one line that is written over, on the standard error stream; its output goes above.</summary>
internal sealed class StatusLine : IDisposable
{
    private readonly LiveDisplay _display = new(
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }), Console.WriteLine);

    private volatile string _text = "";

    internal StatusLine() => _display.Draw(() => new Text(_text) { Overflow = Overflow.Ellipsis });

    /// <summary>Whether somebody watches.</summary>
    internal bool IsLive => _display.IsLive;

    /// <summary>Shows where the work stands.</summary>
    internal void Show(string text) => _text = text;

    /// <summary>Writes a line of output: to where output goes, though the status be on a terminal.</summary>
    internal void WriteLine(string line)
    {
        if (Console.IsOutputRedirected) Console.WriteLine(line);
        else _display.WriteLine(line);
    }

    /// <summary>Takes the status away; the lines stay.</summary>
    public void Dispose() => _display.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
