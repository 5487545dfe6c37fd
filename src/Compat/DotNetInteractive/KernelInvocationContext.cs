using System.Reactive.Subjects;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive;

/// <summary>The command that runs now, from where it was sent until its last event; commands that it sends share it.</summary>
public class KernelInvocationContext : IDisposable
{
    private static readonly AsyncLocal<KernelInvocationContext?> Ambient = new();

    private readonly CancellationTokenSource _cancellation;
    private readonly Subject<KernelEvent> _events = new();
    private readonly List<Action<KernelInvocationContext>> _onComplete = [];
    private readonly Stack<Kernel> _handling = new();
    private readonly Lock _gate = new();
    private int _complete;

    private KernelInvocationContext(Kernel kernel, KernelCommand command, CancellationToken cancellationToken)
    {
        Command = command;
        Result = new KernelCommandResult(command);
        _handling.Push(kernel);
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        CancellationToken = _cancellation.Token;
    }

    /// <summary>The context of the cell that this code runs in, background work that it started included; null outside of cells.</summary>
    public static KernelInvocationContext? Current => Ambient.Value;

    public CancellationToken CancellationToken { get; }

    public KernelCommand Command { get; }

    public Kernel HandlingKernel => _handling.Peek();

    public bool IsComplete => Volatile.Read(ref _complete) != 0;

    public IObservable<KernelEvent> KernelEvents => _events;

    public KernelCommandResult Result { get; }

    /// <summary>Set when any command of this context failed: what follows in the cell does not run.</summary>
    internal bool HasFailed { get; private set; }

    internal static KernelInvocationContext Establish(Kernel kernel, KernelCommand command, CancellationToken cancellationToken)
    {
        var context = new KernelInvocationContext(kernel, command, cancellationToken);
        Ambient.Value = context;
        return context;
    }

    internal void Enter(Kernel kernel)
    {
        lock (_gate) _handling.Push(kernel);
    }

    internal void Leave()
    {
        lock (_gate) _handling.Pop();
    }

    public void Publish(KernelEvent @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        Result.Add(@event);
        _events.OnNext(@event);
        Kernel kernel;
        lock (_gate) kernel = _handling.Peek();
        kernel.PublishEvent(@event);
    }

    /// <summary>Ends the command as failed; of several failures the first one counts.</summary>
    public void Fail(KernelCommand command, Exception? exception = null, string? message = null)
    {
        HasFailed = true;
        if (!TryComplete()) return;
        RunOnComplete();
        Publish(new CommandFailed(exception, Command, message));
    }

    /// <summary>Ends the command as succeeded; a command that another one sent ends with that one.</summary>
    public void Complete(KernelCommand command)
    {
        if (command != Command || !TryComplete()) return;
        RunOnComplete();
        Publish(new CommandSucceeded(Command));
    }

    public void OnComplete(Action<KernelInvocationContext> onComplete)
    {
        lock (_gate) _onComplete.Add(onComplete);
    }

    internal void Cancel() => _cancellation.Cancel();

    public void Dispose()
    {
        Ambient.Value = null;
        Complete(Command);
        GC.SuppressFinalize(this);
    }

    private bool TryComplete() => Interlocked.Exchange(ref _complete, 1) == 0;

    private void RunOnComplete()
    {
        Action<KernelInvocationContext>[] actions;
        lock (_gate) actions = [.. _onComplete];
        foreach (var action in actions) action(this);
    }
}

public static class KernelInvocationContextExtensions
{
    /// <summary>Shows a value, in the given MIME types or in those that its type prefers.</summary>
    public static DisplayedValue Display(this KernelInvocationContext context, object? value, params string[] mimeTypes)
    {
        ArgumentNullException.ThrowIfNull(context);
        var displayed = new DisplayedValue(value, FormattedValue.CreateManyFromObject(value, mimeTypes), mimeTypes,
            updated => context.Publish(new DisplayedValueUpdated(updated.Value, updated.DisplayId, context.Command, updated.FormattedValues)));
        context.Publish(new DisplayedValueProduced(value, context.Command, displayed.FormattedValues, displayed.DisplayId));
        Formatter.RaiseDisplayed(displayed);
        return displayed;
    }

    /// <summary>Shows text that is written in a MIME type already.</summary>
    public static DisplayedValue DisplayAs(this KernelInvocationContext context, string value, string mimeType)
    {
        ArgumentNullException.ThrowIfNull(context);
        var displayed = new DisplayedValue(value, [new FormattedValue(mimeType, value)], [mimeType],
            updated => context.Publish(new DisplayedValueUpdated(updated.Value, updated.DisplayId, context.Command,
                [new FormattedValue(mimeType, updated.Value?.ToString() ?? "")])));
        context.Publish(new DisplayedValueProduced(value, context.Command, displayed.FormattedValues, displayed.DisplayId));
        Formatter.RaiseDisplayed(displayed);
        return displayed;
    }
}
