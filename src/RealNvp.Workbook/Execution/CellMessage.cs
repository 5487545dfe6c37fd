using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace RealNvp.Workbook.Execution;

/// <summary>What the runner and the process that runs the cells say to each other, one JSON object a line.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(RunCell), "run")]
[JsonDerivedType(typeof(CellBegan), "began")]
[JsonDerivedType(typeof(StopCell), "stop")]
[JsonDerivedType(typeof(Reopen), "reopen")]
[JsonDerivedType(typeof(HostReady), "ready")]
[JsonDerivedType(typeof(StreamWritten), "stream")]
[JsonDerivedType(typeof(ValueShown), "show")]
[JsonDerivedType(typeof(CellDone), "done")]
[JsonDerivedType(typeof(ExtensionMessage), "extension")]
[JsonDerivedType(typeof(InputAsked), "input")]
[JsonDerivedType(typeof(InputGiven), "given")]
[JsonDerivedType(typeof(AskCompletions), "complete")]
[JsonDerivedType(typeof(Completions), "completions")]
[JsonDerivedType(typeof(AskDescription), "describe")]
[JsonDerivedType(typeof(Description), "description")]
internal abstract record CellMessage
{
    internal string ToLine() => JsonSerializer.Serialize(this, CellMessageContext.Default.CellMessage);

    /// <exception cref="JsonException">It is no message, or one that lacks what it must have.</exception>
    internal static CellMessage Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, CellMessageContext.Default.CellMessage)
                ?? throw new JsonException("a message is expected");
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException or ArgumentException)
        {
            throw new JsonException("a message is expected", e);
        }
    }
}

internal sealed record RunCell(int Cell, string Code) : CellMessage;

/// <summary>The process has the cell: whatever ends it from here on, the cell may have done something.</summary>
internal sealed record CellBegan(int Cell) : CellMessage;

/// <summary>Stop the cell that runs, and keep what it and those before it defined.</summary>
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

/// <summary>What a part of this program says to its <see cref="ICellExtension"/> in the process, or hears from it.</summary>
internal sealed record ExtensionMessage(JsonNode Body) : CellMessage;

/// <summary>A cell waits for a line that its reader types.</summary>
internal sealed record InputAsked(int Id, int Cell, string Prompt, bool IsPassword) : CellMessage;

/// <param name="Id">The question's number.</param>
/// <param name="Text">What was typed; null where nothing can be.</param>
/// <param name="Refusal">Why nothing can be typed.</param>
internal sealed record InputGiven(int Id, string? Text, string? Refusal) : CellMessage;

/// <summary>What can be typed at a place; it is answered while a cell runs, too.</summary>
internal sealed record AskCompletions(int Id, string Code, int Cursor) : CellMessage;

/// <param name="Id">The question's number.</param>
/// <param name="Start">Where what was typed begins, and an item goes: up to the cursor.</param>
/// <param name="Items">The items.</param>
internal sealed record Completions(int Id, int Start, Completion[] Items) : CellMessage;

internal sealed record Completion(string Text, string Kind);

/// <summary>What the thing at a place is.</summary>
internal sealed record AskDescription(int Id, string Code, int Cursor) : CellMessage;

/// <param name="Id">The question's number.</param>
/// <param name="Data">By MIME type; empty where there is nothing to say.</param>
internal sealed record Description(int Id, Dictionary<string, string> Data) : CellMessage;

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CellMessage))]
internal sealed partial class CellMessageContext : JsonSerializerContext;
