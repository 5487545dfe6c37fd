using System.Collections.Concurrent;
using System.IO.Pipes;
using System.Text;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;
using RealNvp.Workbook.Classroom;

namespace RealNvp.Workbook.Execution;

/// <summary>
/// The process that runs a notebook's cells: it takes cells from the runner on one pipe and tells what they do on another. Its own
/// console stays free for native code that prints.
/// </summary>
public static class CellHost
{
    /// <summary>The command by which this program is started as such a process; it is not for users.</summary>
    public const string Command = "__cells";

    /// <summary>The argument after which the cells may call functions that another process's notebook defines.</summary>
    public const string Referee = "referee";

    /// <summary>Runs cells until the runner closes its end.</summary>
    /// <param name="arguments">
    /// The handles of the two pipes, to read from and to write to; and <see cref="Referee"/> where the cells call functions of another notebook.
    /// </param>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        using var input = new StreamReader(new AnonymousPipeClientStream(PipeDirection.In, arguments[0]), Encoding.UTF8);
        await using var output = new StreamWriter(new AnonymousPipeClientStream(PipeDirection.Out, arguments[1]), new UTF8Encoding(false));
        using var kernel = CellKernel.Create();
        var csharp = kernel.ChildKernels.OfType<CSharpKernel>().Single();
        kernel.RegisterCommandHandler<RequestInput>((request, context) =>
        {
            context.Fail(request, null, $"nobody is there to answer '{request.Prompt}': this notebook runs without a reader");
            return Task.CompletedTask;
        });
        var host = new Host(kernel, output);
        var answers = new FunctionCalls(csharp);
        var questions = new FunctionQuestions(host.Send);
        if (arguments.Contains(Referee)) await questions.AttachAsync(csharp).ConfigureAwait(false);
        using var events = kernel.KernelEvents.Subscribe(host.Tell);
        host.Send(new HostReady());
        while (await input.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            switch (CellMessage.Parse(line))
            {
                case RunCell run:
                    answers.Forget();
                    _ = Task.Run(() => host.RunAsync(run));
                    break;
                case Ask ask: _ = Task.Run(async () => host.Send(await answers.AnswerAsync(ask).ConfigureAwait(false))); break;
                case Told told: questions.Receive(told); break;
                case StopCell: await kernel.SendAsync(new Cancel()).ConfigureAwait(false); break;
            }
        }
        // The runner is gone: a cell that still runs has nobody left to tell.
        Environment.Exit(0);
        return 0;
    }

    private sealed class Host(CompositeKernel kernel, StreamWriter output)
    {
        private readonly ConcurrentDictionary<KernelCommand, int> _cells = new();
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

        internal async Task RunAsync(RunCell run)
        {
            var command = new SubmitCode(run.Code);
            _cells[command] = _cell = run.Cell;
            var result = await kernel.SendAsync(command).ConfigureAwait(false);
            var failed = result.Events.OfType<CommandFailed>().FirstOrDefault();
            Send(new CellDone(run.Cell, failed is null ? null : FailureText.Of(failed, result.Events)));
        }

        internal void Tell(KernelEvent kernelEvent)
        {
            switch (kernelEvent)
            {
                case StandardOutputValueProduced e: Stream(e, "stdout"); break;
                case StandardErrorValueProduced e: Stream(e, "stderr"); break;
                case ReturnValueProduced e: Show(e, Showing.Result); break;
                case DisplayedValueProduced e: Show(e, Showing.New); break;
                case DisplayedValueUpdated e: Show(e, Showing.Update); break;
            }
        }

        private void Stream(DisplayEvent e, string name) =>
            Send(new StreamWritten(CellOf(e.Command), name, string.Concat(e.FormattedValues.Select(value => value.Value))));

        private void Show(DisplayEvent e, Showing showing) => Send(new ValueShown(CellOf(e.Command), showing, MimeBundle.Of(e), e.ValueId));

        /// <summary>The cell that a command belongs to; background work of an earlier cell still counts as that cell's.</summary>
        private int CellOf(KernelCommand command)
        {
            for (var c = command; c is not null; c = c.Parent)
                if (_cells.TryGetValue(c, out var cell))
                    return cell;
            return _cell;
        }
    }
}
