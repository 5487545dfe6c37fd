using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;

namespace Microsoft.DotNet.Interactive;

/// <summary>A command that is done, and every event that it caused.</summary>
public class KernelCommandResult
{
    private readonly List<KernelEvent> _events = [];

    internal KernelCommandResult(KernelCommand command) => Command = command;

    public KernelCommand Command { get; }

    public IReadOnlyList<KernelEvent> Events
    {
        get
        {
            lock (_events) return [.. _events];
        }
    }

    internal void Add(KernelEvent kernelEvent)
    {
        lock (_events) _events.Add(kernelEvent);
    }
}
