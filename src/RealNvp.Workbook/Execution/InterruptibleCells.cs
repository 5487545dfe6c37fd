using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;

namespace RealNvp.Workbook.Execution;

/// <summary>A cell was told to stop, and did.</summary>
internal sealed class CellInterruptedException() : Exception("the cell was interrupted");

/// <summary>
/// Lets cells be stopped and the session go on: .NET Interactive's own cancellation gives up waiting for a cell and lets it run,
/// and then no later cell begins.
/// </summary>
internal sealed class InterruptibleCells(CSharpKernel kernel)
{
    /// <summary>The time that code which was stopped has to be done with it; code that awaits something never is.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);

    private readonly Lock _gate = new();
    private readonly List<CellFlow> _flows = [];
    private bool _runs, _interrupted;
    private int _cell;

    internal static InterruptibleCells Of(CSharpKernel kernel)
    {
        var cells = new InterruptibleCells(kernel);
        kernel.AddMiddleware(cells.RunAsync);
        kernel.RootKernel.AddMiddleware(ImportAsync);
        return cells;
    }

    /// <summary>A cell begins: interrupts are meant for it until it ends.</summary>
    internal void Begin(int cell)
    {
        lock (_gate) (_runs, _interrupted, _cell) = (true, false, cell);
    }

    /// <summary>The cell has ended.</summary>
    internal void End()
    {
        lock (_gate) (_runs, _interrupted) = (false, false);
    }

    /// <summary>Stops the cell that runs, if one does.</summary>
    internal void Interrupt()
    {
        lock (_gate)
        {
            _interrupted = _runs;
            foreach (var flow in _flows) flow.Interrupt();
        }
    }

    private static async Task ImportAsync(KernelCommand command, KernelInvocationContext context, KernelPipelineContinuation next)
    {
        if (command is ImportDocument import) CellSource.Imported.Value = import.FilePath;
        await next(command, context).ConfigureAwait(false);
    }

    private async Task RunAsync(KernelCommand command, KernelInvocationContext context, KernelPipelineContinuation next)
    {
        if (command is not SubmitCode submission)
        {
            await next(command, context).ConfigureAwait(false);
            return;
        }
        using var flow = new CellFlow();
        lock (_gate)
        {
            // One cell may be several submissions, by its directives and what it imports: those after the stopped one do not run.
            if (_interrupted) throw new CellInterruptedException();
            _flows.Add(flow);
        }
        try
        {
            var before = kernel.ScriptState;
            CellSource.Prepare(submission, kernel, _cell, flow.Entry);
            var cell = next(command, context);
            if (await Task.WhenAny(cell, flow.Interrupted).ConfigureAwait(false) != cell)
            {
                await flow.Stopped.ConfigureAwait(false);
                if (await Task.WhenAny(cell, Task.Delay(Moment)).ConfigureAwait(false) != cell)
                    throw new CellInterruptedException();
            }
            await cell.ConfigureAwait(false);
            // That imported code failed is kept from the cell that imports it; the cell is to fail with it.
            if (CellSource.Imported.Value is not null && kernel.ScriptState != before
                && kernel.ScriptState?.Exception is { } failure)
                context.Fail(context.Command, failure);
        }
        finally
        {
            lock (_gate) _flows.Remove(flow);
        }
    }
}
