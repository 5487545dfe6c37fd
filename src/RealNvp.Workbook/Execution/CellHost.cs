using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;

namespace RealNvp.Workbook.Execution;

/// <summary>
/// The process that runs a notebook's cells: it takes cells from the runner, or from the Jupyter kernel, on one pipe and tells
/// what they do on another. Its own console stays free for native code that prints.
/// </summary>
internal static class CellHost
{
    /// <summary>The command by which this program is started as such a process; it is not for users.</summary>
    public const string Command = "__cells";

    /// <summary>The argument after which somebody reads the notebook: cells may ask for input, and code is completed.</summary>
    public const string Reader = "reader";

    /// <summary>Runs cells until the runner closes its end.</summary>
    /// <param name="arguments">The handles of the two pipes, to read from and to write to; and what holds for the cells.</param>
    /// <param name="extension">What another part of this program adds.</param>
    internal static async Task<int> RunAsync(IReadOnlyList<string> arguments, CellExtension extension)
    {
        ProcessEnd.FirstWhereMemoryIsGone();
        // Ctrl-C goes to every process of a terminal; what it means for a cell, the one that started this process says.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var input = new StreamReader(new AnonymousPipeClientStream(PipeDirection.In, arguments[0]), Encoding.UTF8);
        await using var output =
            new StreamWriter(new AnonymousPipeClientStream(PipeDirection.Out, arguments[1]), new UTF8Encoding(false));
        var host = new CellReporter(output);
        var notebook = await Notebook.OpenAsync(host, arguments, extension).ConfigureAwait(false);
        host.Send(new HostReady());
        // A thread of its own reads on, whatever cells do to the pool's.
        var reading = new Thread(() =>
        {
            while (input.ReadLine() is { } line)
            {
                var at = notebook;
                switch (CellMessage.Parse(Encoding.UTF8.GetBytes(line)))
                {
                    case RunCell run:
                        host.Send(new CellBegan(run.Cell));
                        at.Extension.CellBegins();
                        at.Stops.Begin(run.Cell);
                        _ = Task.Run(() => host.RunAsync(at.Kernel, at.Stops, run))
                            .ContinueWith(_ => at.WarmUp(), TaskScheduler.Default);
                        break;
                    case StopCell:
                        at.Stops.Interrupt();
                        at.Inputs.Interrupt();
                        break;
                    case InputGiven given: at.Inputs.Receive(given); break;
                    case AskCompletions ask:
                        _ = host.AnswerAsync(() => at.Help.CompleteAsync(ask), new Completions(ask.Id, ask.Cursor, []));
                        break;
                    case AskDescription ask:
                        _ = host.AnswerAsync(() => at.Help.DescribeAsync(ask), new Description(ask.Id, []));
                        break;
                    case ExtensionMessage message: at.Extension.Receive(message); break;
                    case Reopen reopen:
                        at.Dispose();
                        Environment.CurrentDirectory = reopen.Folder;
                        notebook = Notebook.OpenAsync(host, arguments, extension).GetAwaiter().GetResult();
                        host.Send(new HostReady());
                        break;
                }
            }
            // The runner is gone: a cell that still runs has nobody left to tell.
            ProcessEnd.ForSure();
        });
        reading.Start();
        reading.Join();
        return ExitCode.Success;
    }

    /// <summary>A kernel, and what connects it to the runner.</summary>
    private sealed class Notebook : IDisposable
    {
        private readonly CSharpKernel _csharp;
        private readonly IDisposable _events;
        private int _isCold;

        private Notebook(CellReporter host, IReadOnlyList<string> arguments, CellExtension extension)
        {
            var hasReader = arguments.Contains(Reader);
            Kernel = CellKernel.Create();
            _isCold = hasReader ? 1 : 0;
            _csharp = Kernel.ChildKernels.OfType<CSharpKernel>().Single();
            Stops = InterruptibleCells.Of(_csharp);
            Inputs = new InputQuestions(Kernel, host, hasReader);
            Help = new CodeHelp(Kernel, _csharp);
            Extension = extension(_csharp, arguments, host.Send);
            _events = Kernel.KernelEvents.Subscribe(host.Tell);
        }

        internal CompositeKernel Kernel { get; }

        internal InterruptibleCells Stops { get; }

        internal InputQuestions Inputs { get; }

        internal CodeHelp Help { get; }

        internal ICellExtension Extension { get; }

        internal static async Task<Notebook> OpenAsync(CellReporter host, IReadOnlyList<string> arguments,
            CellExtension extension)
        {
            var notebook = new Notebook(host, arguments, extension);
            // The first submission of all would not keep its variables where it fails; and the compiler takes its time to start.
            await notebook.Kernel.SendAsync(new SubmitCode("0.ToString();")).ConfigureAwait(false);
            await notebook.Extension.BeginAsync().ConfigureAwait(false);
            return notebook;
        }

        /// <summary>The first completion takes seconds: it is made while the reader looks at the first cell's outputs.</summary>
        internal void WarmUp()
        {
            if (Interlocked.Exchange(ref _isCold, 0) == 1) _ = Help.CompleteAsync(new AskCompletions(0, "Math.A", 6));
        }

        public void Dispose()
        {
            _events.Dispose();
            Kernel.Dispose();
        }
    }
}
