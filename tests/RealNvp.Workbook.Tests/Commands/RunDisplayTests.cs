using System.Text.RegularExpressions;
using RealNvp.Workbook.Commands;
using RealNvp.Workbook.Execution;
using Spectre.Console;

namespace RealNvp.Workbook.Tests.Commands;

public sealed partial class RunDisplayTests
{
    private static readonly PlannedRun One = new("/n/01-one.ipynb", TimeSpan.FromSeconds(30));
    private static readonly PlannedRun Two = new("/n/solutions/01-one.ipynb", null);

    private static (IAnsiConsole Console, StringWriter Text) Console(bool live)
    {
        var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = live ? AnsiSupport.Yes : AnsiSupport.No,
            Interactive = live ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = 100;
        return (console, text);
    }

    private static RunSummary Summary(string path, CellError? error = null) => new(path, "/out.ipynb",
        [new CellSummary(1, "a", "1", TimeSpan.FromSeconds(2), error is null ? CellOutcome.Succeeded : CellOutcome.Failed)],
        TimeSpan.FromSeconds(2), error);

    private static async Task RunAsync(IAnsiConsole console)
    {
        await using var display = new RunDisplay(console, jobs: 2);
        display.Planned([Summary("/n/00-zero.ipynb")], [One, Two]);
        var progress = display.Began(One);
        display.Began(Two);
        progress.Report(new RunProgress(4, "var x = [1];", 2, 9, null, TimeSpan.FromSeconds(1), "step 40  loss 1.2"));
        await Task.Delay(700);
        display.Ended(Two, Summary(Two.Path));
        display.Ended(One, Summary(One.Path, new CellError(4, "a", 2, "Check[2]", "X", "[wrong] place")));
    }

    [Fact]
    public async Task A_log_gets_a_line_for_each_notebook_and_nothing_else()
    {
        var (console, text) = Console(live: false);
        await RunAsync(console);
        Assert.Equal("""
            1 notebook unchanged since the last run: outputs restored (--force runs it)
            [1/2] solutions/01-one: done, 1 of 1 cells, 2 s
            [2/2] 01-one: FAILED, 0 of 1 cells, 2 s
            01-one: cell 4 (id a), line 2: Check[2]
            [wrong] place

            """, text.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_terminal_shows_every_running_notebook_in_one_place_and_keeps_only_the_lines()
    {
        var (console, text) = Console(live: true);
        await RunAsync(console);
        var drawn = text.ToString();
        Assert.Contains("cell 3 of 9", drawn);
        Assert.Contains("step 40  loss 1.2", drawn);
        Assert.Contains("0 of 2 notebooks", drawn);
        Assert.Contains("left", drawn);
        // What a terminal would show at the end.
        var screen = Screen(drawn);
        Assert.Equal(["1 notebook unchanged since the last run: outputs restored (--force runs it)",
            "[1/2] solutions/01-one: done, 1 of 1 cells, 2 s",
            "[2/2] 01-one: FAILED, 0 of 1 cells, 2 s", "01-one: cell 4 (id a), line 2: Check[2]", "[wrong] place"], screen);
    }

    [Fact]
    public async Task The_time_left_comes_from_earlier_runs()
    {
        await using var display = new RunDisplay(Console(live: false).Console, jobs: 2);
        display.Planned([], [One, Two]);
        Assert.Equal(30, display.Left()!.Value.TotalSeconds, 0.5);
        display.Began(Two);
        display.Ended(Two, Summary(Two.Path));
        Assert.Equal(30, display.Left()!.Value.TotalSeconds, 0.5);
    }

    /// <summary>The lines that stay on a terminal: carriage returns, cursor up and erase are followed.</summary>
    private static List<string> Screen(string text)
    {
        var lines = new List<string> { "" };
        var (row, column) = (0, 0);
        foreach (Match part in Parts().Matches(text.Replace("\r\n", "\n")))
        {
            if (part.Value == "\n") (row, column) = (row + 1, 0);
            else if (part.Value == "\r") column = 0;
            else if (part.Groups["command"] is { Success: true } command)
            {
                var count = int.TryParse(part.Groups["count"].Value, out var given) ? given : 0;
                if (command.Value == "A") row -= Math.Max(1, count);
                else if (command.Value == "K") lines[row] = count == 2 ? "" : lines[row][..Math.Min(column, lines[row].Length)];
            }
            else
            {
                lines[row] = lines[row].PadRight(column)[..column] + part.Value
                    + (lines[row].Length > column + part.Length ? lines[row][(column + part.Length)..] : "");
                column += part.Length;
            }
            while (lines.Count <= row) lines.Add("");
        }
        return [.. lines.Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
    }

    [GeneratedRegex(@"\x1b\[(?<count>[0-9;?]*)(?<command>[A-Za-z])|\n|\r|[^\x1b\r\n]+")]
    private static partial Regex Parts();
}
