using Microsoft.DotNet.Interactive.CSharp;
using RealNvp.Workbook.Execution;
using TorchSharp;

namespace RealNvp.Workbook.Classroom;

/// <summary>
/// What grading adds to a process that runs cells. Every one answers calls of the functions that its cells define; one that runs
/// tests calls those of the student's notebook.
/// </summary>
internal sealed class FunctionExchange : ICellExtension
{
    /// <summary>The argument of a process that runs tests.</summary>
    internal const string Tests = "tests";

    private readonly CSharpKernel _kernel;
    private readonly Action<CellMessage> _send;
    private readonly FunctionCalls _calls;
    private readonly FunctionQuestions? _questions;

    private FunctionExchange(CSharpKernel kernel, bool runsTests, Action<CellMessage> send)
    {
        (_kernel, _send) = (kernel, send);
        _calls = new FunctionCalls(kernel);
        _questions = runsTests ? new FunctionQuestions(send) : null;
    }

    internal static ICellExtension Create(CSharpKernel kernel, IReadOnlyList<string> arguments, Action<CellMessage> send) =>
        new FunctionExchange(kernel, arguments.Contains(Tests), send);

    public async Task BeginAsync()
    {
        if (_questions is null) return;
        // The same tests begin the same way, in a process that has just begun and in one that has run other notebooks.
        torch.manual_seed(0);
        torch.set_default_dtype(torch.float32);
        await _questions.AttachAsync(_kernel).ConfigureAwait(false);
    }

    public void CellBegins() => _calls.Forget();

    public void Receive(ExtensionMessage message)
    {
        if (FunctionResult.Of(message) is { } result) _questions?.Receive(result);
        else if (FunctionCall.Of(message) is { } call)
            _ = Task.Run(async () => _send((await _calls.AnswerAsync(call).ConfigureAwait(false)).ToMessage()));
    }
}
