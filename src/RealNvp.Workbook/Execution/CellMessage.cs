using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace RealNvp.Workbook.Execution;

/// <summary>What the runner and the process that runs the cells say to each other, one JSON object a line.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(RunCell), "run")]
[JsonDerivedType(typeof(StopCell), "stop")]
[JsonDerivedType(typeof(Reopen), "reopen")]
[JsonDerivedType(typeof(HostReady), "ready")]
[JsonDerivedType(typeof(StreamWritten), "stream")]
[JsonDerivedType(typeof(ValueShown), "show")]
[JsonDerivedType(typeof(CellDone), "done")]
[JsonDerivedType(typeof(Ask), "ask")]
[JsonDerivedType(typeof(Told), "told")]
internal abstract record CellMessage
{
    internal string ToLine() => JsonSerializer.Serialize(this, CellMessageContext.Default.CellMessage);

    internal static CellMessage Parse(string line) => JsonSerializer.Deserialize(line, CellMessageContext.Default.CellMessage)
        ?? throw new JsonException("a message is expected");
}

internal sealed record RunCell(int Cell, string Code) : CellMessage;

internal sealed record StopCell : CellMessage;

/// <summary>Forget every cell and begin a notebook in a folder: for a process that runs one notebook after the other.</summary>
internal sealed record Reopen(string Folder) : CellMessage;

internal sealed record HostReady : CellMessage;

internal sealed record StreamWritten(int Cell, string Name, string Text) : CellMessage;

internal enum Showing { New, Update, Result }

internal sealed record ValueShown(int Cell, Showing Showing, Dictionary<string, string> Data, string? DisplayId) : CellMessage;

/// <param name="Cell">The cell.</param>
/// <param name="Failure">Null where the cell succeeded.</param>
internal sealed record CellDone(int Cell, CellFailure? Failure) : CellMessage;

/// <param name="Kind">The exception's type.</param>
/// <param name="Message">Its message, or the compiler's.</param>
/// <param name="Text">All that there is to say, frames included.</param>
/// <param name="Line">The line in the submission, from 1.</param>
internal sealed record CellFailure(string Kind, string Message, string Text, int? Line);

/// <summary>A call of a function that another process's notebook has defined.</summary>
/// <param name="Id">The call's number.</param>
/// <param name="Function">The function's name.</param>
/// <param name="DelegateType">The type that the function is expected to convert to, in C#.</param>
/// <param name="Arguments">The arguments, as <see cref="Classroom.Wire"/> writes them.</param>
internal sealed record Ask(int Id, string Function, string DelegateType, JsonNode?[] Arguments) : CellMessage;

/// <summary>What came of a call.</summary>
/// <param name="Id">The call's number.</param>
/// <param name="Value">What the function returned.</param>
/// <param name="Changed">The tensors among the arguments that the function wrote to, by position.</param>
/// <param name="Failure">Why there is no value, or null.</param>
internal sealed record Told(int Id, JsonNode? Value, Dictionary<int, JsonNode?> Changed, string? Failure) : CellMessage;

[JsonSerializable(typeof(CellMessage))]
internal sealed partial class CellMessageContext : JsonSerializerContext;
