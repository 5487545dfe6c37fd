using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.CSharp;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Classroom;

/// <summary>
/// The student's end: calls the functions that the notebook's cells have defined, with the arguments that come, and tells what
/// they return.
/// </summary>
internal sealed class FunctionCalls(CSharpKernel kernel)
{
    private readonly ConcurrentDictionary<(string Function, string Type), Delegate> _found = new();
    private int _names;

    /// <summary>Called where a cell runs: it may define a function again.</summary>
    internal void Forget() => _found.Clear();

    internal async Task<FunctionResult> AnswerAsync(FunctionCall ask)
    {
        try
        {
            var function = await FindAsync(ask).ConfigureAwait(false);
            var parameters = function.Method.GetParameters();
            var given = parameters.Skip(parameters.Length - ask.Arguments.Length)
                .Select((p, i) => ValueJson.Read(ask.Arguments[i], p.ParameterType)).ToArray();
            var value = Call(function, given);
            return new FunctionResult(ask.Id, ValueJson.Write(value, function.Method.ReturnType),
                Changed(ask, given, parameters), null);
        }
        catch (Exception e)
        {
            return new FunctionResult(ask.Id, null, [], e is TargetInvocationException { InnerException: { } thrown }
                ? $"{ask.Function} threw {thrown.GetType().Name}: {StudentText.Of(thrown.Message)}" : StudentText.Of(e.Message));
        }
    }

    private async Task<Delegate> FindAsync(FunctionCall ask)
    {
        if (_found.TryGetValue((ask.Function, ask.DelegateType), out var known)) return known;
        var name = $"__function{Interlocked.Increment(ref _names)}";
        var result = await kernel.SubmitCodeAsync($"{ask.DelegateType} {name} = {ask.Function};").ConfigureAwait(false);
        if (result.Events.OfType<Microsoft.DotNet.Interactive.Events.CommandFailed>().FirstOrDefault() is { } failed)
            throw new InvalidOperationException(
                $"{ask.Function} is not there as a {ask.DelegateType}: {FailureText.Of(failed).Message}");
        if (!kernel.TryGetValue(name, out Delegate function)) throw new InvalidOperationException($"{ask.Function} is not there");
        return _found[(ask.Function, ask.DelegateType)] = function;
    }

    private static object? Call(Delegate function, object?[] arguments) => function.DynamicInvoke(arguments);

    /// <summary>The arguments that are not any more what they were: numbers and texts cannot change.</summary>
    private static int[] Changed(FunctionCall ask, object?[] arguments, ParameterInfo[] parameters)
    {
        var types = parameters[^arguments.Length..].Select(p => p.ParameterType).ToArray();
        return [.. Enumerable.Range(0, arguments.Length).Where(i => arguments[i] is not (null or string or ValueType)
            && !JsonNode.DeepEquals(ValueJson.Write(arguments[i], types[i]), ask.Arguments[i]))];
    }
}
