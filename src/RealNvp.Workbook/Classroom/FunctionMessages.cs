using System.Text.Json;
using System.Text.Json.Nodes;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Classroom;

/// <summary>A call of a function that another process's notebook has defined.</summary>
/// <param name="Id">The call's number.</param>
/// <param name="Function">The function's name.</param>
/// <param name="DelegateType">The type that the function is expected to convert to, in C#.</param>
/// <param name="Arguments">The arguments, as <see cref="ValueJson"/> writes them.</param>
internal sealed record FunctionCall(int Id, string Function, string DelegateType, JsonNode?[] Arguments)
{
    internal ExtensionMessage ToMessage() => new(new JsonObject { ["call"] = JsonSerializer.SerializeToNode(this) });

    internal static FunctionCall? Of(CellMessage message) =>
        Message.Read<FunctionCall>(message, "call");
}

/// <summary>What came of a call.</summary>
/// <param name="Id">The call's number.</param>
/// <param name="Value">What the function returned.</param>
/// <param name="Changed">The arguments that the function wrote to, by position from 0.</param>
/// <param name="Failure">Why there is no value, or null.</param>
internal sealed record FunctionResult(int Id, JsonNode? Value, int[] Changed, string? Failure)
{
    internal ExtensionMessage ToMessage() => new(new JsonObject { ["result"] = JsonSerializer.SerializeToNode(this) });

    internal static FunctionResult? Of(CellMessage message) =>
        Message.Read<FunctionResult>(message, "result");
}

internal static class Message
{
    private static readonly JsonSerializerOptions Strict =
        new() { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <summary>
    /// What a message holds under a name; null where that is nothing, or something else: student code can write it.
    /// </summary>
    internal static T? Read<T>(CellMessage message, string name) where T : class
    {
        try
        {
            return message is ExtensionMessage { Body: JsonObject body } ? body[name].Deserialize<T>(Strict) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
