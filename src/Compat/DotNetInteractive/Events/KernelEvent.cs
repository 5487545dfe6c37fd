using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive.Events;

/// <summary>Something that happened while a command was handled.</summary>
public abstract class KernelEvent
{
    private protected KernelEvent(KernelCommand command) => Command = command ?? throw new ArgumentNullException(nameof(command));

    public KernelCommand Command { get; }

    public override string ToString() => GetType().Name;
}

/// <summary>The last event of a command.</summary>
public abstract class KernelCommandCompletionEvent : KernelEvent
{
    private protected KernelCommandCompletionEvent(KernelCommand command, int? executionOrder) : base(command) => ExecutionOrder = executionOrder;

    public int? ExecutionOrder { get; }
}

/// <summary>A value to show, written in one or more MIME types.</summary>
public abstract class DisplayEvent : KernelEvent
{
    private protected DisplayEvent(object? value, KernelCommand command, IReadOnlyCollection<FormattedValue>? formattedValues, string? valueId)
        : base(command) =>
        (Value, FormattedValues, ValueId) = (value, formattedValues ?? [], valueId);

    public object? Value { get; }

    public IReadOnlyCollection<FormattedValue> FormattedValues { get; }

    public string? ValueId { get; }

    public override string ToString() => $"{GetType().Name}: {FormattedValues.FirstOrDefault()?.Value}";
}
