using System.Collections.Concurrent;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.CSharp;
using RealNvp.Workbook.Execution;
using static TorchSharp.torch;

namespace RealNvp.Workbook.Classroom;

/// <summary>A student's function did not return what was asked for; the message says why.</summary>
public sealed class AnswerFailedException(string message) : Exception(message);

/// <summary>
/// The tests' end: a test cell calls a function as if it stood in the same notebook, while it runs in the student's process. Student code
/// never shares a process with the tests, so it can neither see them nor decide their outcome: it can only return values.
/// </summary>
internal sealed class FunctionQuestions(Action<CellMessage> send)
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<Told>> _open = new();
    private int _ids;

    /// <summary>Gives the kernel the function that <see cref="Contract"/>'s stand-ins call.</summary>
    internal async Task AttachAsync(CSharpKernel kernel)
    {
        var call = Call;
        await kernel.SetValueAsync("__call", call, typeof(Func<string, string, object?[], Type, object?>)).ConfigureAwait(false);
        await kernel.SubmitCodeAsync(Contract.Prelude).ConfigureAwait(false);
    }

    internal void Receive(Told told)
    {
        if (_open.TryRemove(told.Id, out var waiting)) waiting.SetResult(told);
    }

    private object? Call(string function, string delegateType, object?[] arguments, Type type)
    {
        var id = Interlocked.Increment(ref _ids);
        var answer = _open[id] = new TaskCompletionSource<Told>(TaskCreationOptions.RunContinuationsAsynchronously);
        send(new Ask(id, function, delegateType, [.. arguments.Select(a => Wire.Write(a, a is Tensor ? typeof(Tensor) : a?.GetType() ?? typeof(string)))]));
        var told = answer.Task.GetAwaiter().GetResult();
        if (told.Failure is { } failure) throw new AnswerFailedException(failure);
        using (no_grad())
            foreach (var (position, value) in told.Changed)
                if (position >= 0 && position < arguments.Length && arguments[position] is Tensor own) WriteBack(function, own, value);
        try
        {
            return Wire.Read(told.Value, type) ?? (type.IsValueType && Nullable.GetUnderlyingType(type) is null ? throw new FormatException("nothing") : null);
        }
        catch (FormatException e)
        {
            throw new AnswerFailedException($"{function} returned something else than a {type.Name}: {e.Message}");
        }
    }

    private static void WriteBack(string function, Tensor own, System.Text.Json.Nodes.JsonNode? value)
    {
        using var changed = Wire.Read(value, typeof(Tensor)) as Tensor;
        if (changed is null || !changed.shape.SequenceEqual(own.shape) || changed.dtype != own.dtype)
            throw new AnswerFailedException($"{function} changed the shape or the dtype of an argument");
        own.copy_(changed);
    }
}
