using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.CSharp;
using RealNvp.Workbook.Execution;
using static TorchSharp.torch;

namespace RealNvp.Workbook.Classroom;

/// <summary>The student's end: calls the functions that the notebook's cells have defined, with the arguments that come, and tells what they return.</summary>
internal sealed class FunctionCalls(CSharpKernel kernel)
{
    private readonly ConcurrentDictionary<(string Function, string Type), Delegate> _found = new();
    private int _names;

    /// <summary>Called where a cell runs: it may define a function again.</summary>
    internal void Forget() => _found.Clear();

    internal async Task<Told> AnswerAsync(Ask ask)
    {
        try
        {
            var function = await FindAsync(ask).ConfigureAwait(false);
            var parameters = function.Method.GetParameters();
            var given = parameters.Skip(parameters.Length - ask.Arguments.Length).Select((p, i) => Wire.Read(ask.Arguments[i], p.ParameterType)).ToArray();
            var value = Call(function, given);
            return new Told(ask.Id, Wire.Write(value, function.Method.ReturnType), Changed(ask, given, parameters), null);
        }
        catch (Exception e)
        {
            return new Told(ask.Id, null, [], e is TargetInvocationException { InnerException: { } thrown } ? $"{ask.Function} threw {thrown.GetType().Name}: {thrown.Message}" : e.Message);
        }
    }

    private async Task<Delegate> FindAsync(Ask ask)
    {
        if (_found.TryGetValue((ask.Function, ask.DelegateType), out var known)) return known;
        var name = $"__function{Interlocked.Increment(ref _names)}";
        var result = await kernel.SubmitCodeAsync($"{ask.DelegateType} {name} = {ask.Function};").ConfigureAwait(false);
        if (result.Events.OfType<Microsoft.DotNet.Interactive.Events.CommandFailed>().FirstOrDefault() is { } failed)
            throw new InvalidOperationException($"{ask.Function} is not there as a {ask.DelegateType}: {FailureText.Of(failed, result.Events).Message}");
        if (!kernel.TryGetValue(name, out Delegate function)) throw new InvalidOperationException($"{ask.Function} is not there");
        return _found[(ask.Function, ask.DelegateType)] = function;
    }

    private static object? Call(Delegate function, object?[] arguments) => function.DynamicInvoke(arguments);

    /// <summary>What the function did to its arguments: the other end does the same to the caller's own.</summary>
    private static Dictionary<int, JsonNode?> Changed(Ask ask, object?[] arguments, ParameterInfo[] parameters)
    {
        var changed = new Dictionary<int, JsonNode?>();
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] is not Tensor) continue;
            var now = Wire.Write(arguments[i], typeof(Tensor));
            if (!JsonNode.DeepEquals(now, ask.Arguments[i])) changed[i] = now;
        }
        return changed;
    }
}
