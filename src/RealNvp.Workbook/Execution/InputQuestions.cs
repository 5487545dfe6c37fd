using System.Collections.Concurrent;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;

namespace RealNvp.Workbook.Execution;

/// <summary>What cells ask their reader, from the kernel to the runner and back.</summary>
internal sealed class InputQuestions
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<InputGiven>> _open = new();
    private int _count;

    internal InputQuestions(CompositeKernel kernel, CellReporter host, bool hasReader) =>
        kernel.RegisterCommandHandler<RequestInput>(async (request, context) =>
        {
            var given = hasReader ? await AskAsync(request, host).ConfigureAwait(false)
                : new InputGiven(0, null, $"nobody is there to answer '{request.Prompt}': this notebook runs without a reader");
            if (given.Text is { } text) context.Publish(new InputProduced(text, request));
            else context.Fail(request, null, given.Refusal);
        });

    internal void Receive(InputGiven given)
    {
        if (_open.TryRemove(given.Id, out var question)) question.TrySetResult(given);
    }

    /// <summary>Takes the open questions back.</summary>
    internal void Interrupt()
    {
        foreach (var id in _open.Keys) Receive(new InputGiven(id, null, "the cell was interrupted while it waited for input"));
    }

    private async Task<InputGiven> AskAsync(RequestInput request, CellReporter host)
    {
        var id = Interlocked.Increment(ref _count);
        var question = _open[id] = new TaskCompletionSource<InputGiven>(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Send(new InputAsked(id, host.CellOf(request), request.Prompt, request.IsPassword));
        return await question.Task.ConfigureAwait(false);
    }
}
