using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive.Events;

public enum InsertTextFormat
{
    PlainText = 1,
    Snippet = 2,
}

/// <summary>A name that fits where the cursor stands.</summary>
public class CompletionItem(
    string displayText, string kind, string? filterText = null, string? sortText = null, string? insertText = null,
    InsertTextFormat? insertTextFormat = null, string? documentation = null)
{
    public string DisplayText { get; } = displayText;

    public string Kind { get; } = kind;

    public string FilterText { get; } = filterText ?? displayText;

    public string SortText { get; } = sortText ?? displayText;

    public string InsertText { get; } = insertText ?? displayText;

    public InsertTextFormat? InsertTextFormat { get; } = insertTextFormat;

    public string? Documentation { get; set; } = documentation;

    public override string ToString() => DisplayText;
}

public class CompletionsProduced(
    IReadOnlyCollection<CompletionItem> completions, RequestCompletions command, LinePositionSpan? linePositionSpan = null) : KernelEvent(command)
{
    public IEnumerable<CompletionItem> Completions { get; } = completions;

    /// <summary>What a chosen name replaces.</summary>
    public LinePositionSpan? LinePositionSpan { get; } = linePositionSpan;
}

public class HoverTextProduced(
    RequestHoverText command, IReadOnlyCollection<FormattedValue> content, LinePositionSpan? linePositionSpan = null) : KernelEvent(command)
{
    public IReadOnlyCollection<FormattedValue> Content { get; } = content;

    public LinePositionSpan? LinePositionSpan { get; } = linePositionSpan;
}

public class SignatureHelpProduced(
    RequestSignatureHelp command, IReadOnlyList<SignatureInformation> signatures, int activeSignatureIndex, int activeParameterIndex) : KernelEvent(command)
{
    public IReadOnlyList<SignatureInformation> Signatures { get; } = signatures;

    public int ActiveSignatureIndex { get; } = activeSignatureIndex;

    public int ActiveParameterIndex { get; } = activeParameterIndex;
}
