using System.Collections.Concurrent;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.CSharp;
using RealNvp.Workbook.Execution;
using static TorchSharp.torch;

namespace RealNvp.Workbook.Classroom;

/// <summary>A student's function did not return what was asked for; the message says why.</summary>
internal sealed class AnswerFailedException(string message) : Exception(message);

/// <summary>
/// The tests' end: a test cell calls a function as if it stood in the same notebook, while it runs in the student's process.
/// Student code never shares a process with the tests, so it can neither see them nor decide their outcome: it can only return
/// values.
/// </summary>
internal sealed class FunctionQuestions(Action<CellMessage> send)
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<FunctionResult>> _open = new();
    private int _ids;

    /// <summary>Gives the kernel the function that <see cref="AnswerFunctions"/>'s stand-ins call.</summary>
    internal async Task AttachAsync(CSharpKernel kernel)
    {
        var call = Call;
        await kernel.SetValueAsync("__call", call, typeof(Func<string, string, object?[], Type, object?>)).ConfigureAwait(false);
        await kernel.SubmitCodeAsync(AnswerFunctions.Prelude).ConfigureAwait(false);
    }

    internal void Receive(FunctionResult told)
    {
        if (_open.TryRemove(told.Id, out var waiting)) waiting.SetResult(told);
    }

    private object? Call(string function, string delegateType, object?[] arguments, Type type)
    {
        var id = Interlocked.Increment(ref _ids);
        var answer = _open[id] = new TaskCompletionSource<FunctionResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        send(new FunctionCall(id, function, delegateType,
            [.. arguments.Select(a => ValueJson.Write(a, a is Tensor ? typeof(Tensor) : a?.GetType() ?? typeof(string)))])
                .ToMessage());
        var told = answer.Task.GetAwaiter().GetResult();
        if (told.Failure is { } failure) throw new AnswerFailedException(failure);
        // The tests' own tensors are never the ones that the function had; whoever changes what it is given is told so.
        if (told.Changed is [var position, ..])
            throw new AnswerFailedException($"{function} changed its argument {position + 1} of {arguments.Length}; a function "
                + "leaves what it is given as it was");
        try
        {
            return ValueJson.Read(told.Value, type)
                ?? (type.IsValueType && Nullable.GetUnderlyingType(type) is null ? throw new FormatException("nothing") : null);
        }
        catch (FormatException e)
        {
            throw new AnswerFailedException($"{function} returned something else than a {type.Name}: {e.Message}");
        }
    }
}
