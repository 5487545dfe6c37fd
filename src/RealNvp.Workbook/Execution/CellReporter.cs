using System.Collections.Concurrent;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Execution;

/// <summary>Tells the runner what cells do.</summary>
internal sealed class CellReporter(StreamWriter output)
{
    private readonly ConcurrentDictionary<KernelCommand, int> _cells = new();
    private readonly DisplayIds _displays = new();
    private volatile int _cell;

    internal void Send(CellMessage message)
    {
        var line = message.ToLine();
        lock (output)
        {
            output.Write(line);
            output.Write('\n');
            output.Flush();
        }
    }

    internal async Task RunAsync(CompositeKernel kernel, InterruptibleCells stops, RunCell run)
    {
        var command = new SubmitCode(SetupScript.Supplied(run.Code));
        _cells[command] = _cell = run.Cell;
        var result = await kernel.SendAsync(command).ConfigureAwait(false);
        stops.End();
        var failed = result.Events.OfType<CommandFailed>().FirstOrDefault();
        Send(new CellDone(run.Cell, failed is null ? null : FailureText.Of(failed)));
    }

    /// <summary>Answers a question beside the cells; where it cannot be answered, there is nothing to say.</summary>
    internal async Task AnswerAsync<T>(Func<Task<T>> answer, T nothing) where T : CellMessage
    {
        try
        {
            Send(await Task.Run(answer).ConfigureAwait(false));
        }
        catch (Exception)
        {
            Send(nothing);
        }
    }

    internal void Tell(KernelEvent kernelEvent)
    {
        switch (kernelEvent)
        {
            case StandardOutputValueProduced e: Stream(e, "stdout"); break;
            case StandardErrorValueProduced e: Stream(e, "stderr"); break;
            case ReturnValueProduced e: Show(e, Showing.Result, e.ValueId); break;
            case DisplayedValueProduced e: Show(e, Showing.New, _displays.Of(e)); break;
            case DisplayedValueUpdated e: Show(e, Showing.Update, _displays.Of(e)); break;
        }
    }

    private void Stream(DisplayEvent e, string name) =>
        Send(new StreamWritten(CellOf(e.Command), name, string.Concat(e.FormattedValues.Select(value => value.Value))));

    private void Show(DisplayEvent e, Showing showing, string? id) =>
        Send(new ValueShown(CellOf(e.Command), showing, MimeBundle.Of(e), id));

    /// <summary>The cell that a command belongs to; background work of an earlier cell still counts as that cell's.</summary>
    internal int CellOf(KernelCommand command)
    {
        for (var c = command; c is not null; c = c.Parent)
            if (_cells.TryGetValue(c, out var cell))
                return cell;
        return _cell;
    }
}
