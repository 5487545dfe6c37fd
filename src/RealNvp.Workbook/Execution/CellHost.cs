using System.Collections.Concurrent;
using System.IO.Pipes;
using System.Text;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;
using RealNvp.Workbook.Classroom;
using TorchSharp;

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
        var host = new Host(output);
        var isReferee = arguments.Contains(Referee);
        var notebook = await Notebook.OpenAsync(host, isReferee).ConfigureAwait(false);
        host.Send(new HostReady());
        while (await input.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            var at = notebook;
            switch (CellMessage.Parse(line))
            {
                case RunCell run:
                    at.Answers.Forget();
                    _ = Task.Run(() => host.RunAsync(at.Kernel, run));
                    break;
                case Ask ask: _ = Task.Run(async () => host.Send(await at.Answers.AnswerAsync(ask).ConfigureAwait(false))); break;
                case Told told: at.Questions.Receive(told); break;
                case StopCell: await at.Kernel.SendAsync(new Cancel()).ConfigureAwait(false); break;
                case Reopen reopen:
                    at.Dispose();
                    Environment.CurrentDirectory = reopen.Folder;
                    notebook = await Notebook.OpenAsync(host, isReferee).ConfigureAwait(false);
                    host.Send(new HostReady());
                    break;
            }
        }
        // The runner is gone: a cell that still runs has nobody left to tell.
        ProcessEnd.ForSure();
        return 0;
    }

    /// <summary>A kernel, and what connects it to the runner.</summary>
    private sealed class Notebook : IDisposable
    {
        private readonly IDisposable _events;

        private Notebook(Host host)
        {
            Kernel = CellKernel.Create();
            Kernel.RegisterCommandHandler<RequestInput>((request, context) =>
            {
                context.Fail(request, null, $"nobody is there to answer '{request.Prompt}': this notebook runs without a reader");
                return Task.CompletedTask;
            });
            CSharp = Kernel.ChildKernels.OfType<CSharpKernel>().Single();
            Answers = new FunctionCalls(CSharp);
            Questions = new FunctionQuestions(host.Send);
            _events = Kernel.KernelEvents.Subscribe(host.Tell);
        }

        internal CompositeKernel Kernel { get; }

        internal FunctionCalls Answers { get; }

        internal FunctionQuestions Questions { get; }

        private CSharpKernel CSharp { get; }

        internal static async Task<Notebook> OpenAsync(Host host, bool isReferee)
        {
            var notebook = new Notebook(host);
            if (!isReferee) return notebook;
            // The same tests begin the same way, in a process that has just begun and in one that has run other notebooks.
            torch.manual_seed(0);
            torch.set_default_dtype(torch.float32);
            await notebook.Questions.AttachAsync(notebook.CSharp).ConfigureAwait(false);
            return notebook;
        }

        public void Dispose()
        {
            _events.Dispose();
            Kernel.Dispose();
        }
    }

    private sealed class Host(StreamWriter output)
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

        internal async Task RunAsync(CompositeKernel kernel, RunCell run)
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
