using System.Reactive.Disposables;
using System.Reactive.Subjects;
using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Directives;
using Microsoft.DotNet.Interactive.Events;

namespace Microsoft.DotNet.Interactive;

/// <summary>Takes commands one after the other and answers with events.</summary>
public abstract partial class Kernel : IDisposable
{
    private readonly Subject<KernelEvent> _events = new();
    private readonly CompositeDisposable _disposables = [];
    private readonly Dictionary<Type, Func<KernelCommand, KernelInvocationContext, Task>> _handlers = [];
    private readonly List<KernelCommandPipelineMiddleware> _middleware = [];
    private readonly Dictionary<string, Directive> _directives = new(StringComparer.Ordinal);
    private readonly Queue<KernelCommand> _deferred = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _gate = new();
    private KernelInvocationContext? _running;

    protected Kernel(string name)
    {
        if (string.IsNullOrWhiteSpace(name)) throw new ArgumentException("a kernel needs a name", nameof(name));
        Name = name;
        KernelInfo = new KernelInfo(name);
    }

    public string Name { get; }

    public KernelInfo KernelInfo { get; }

    /// <summary>Every event of this kernel and of those inside it, as it happens.</summary>
    public IObservable<KernelEvent> KernelEvents => _events;

    public CompositeKernel? ParentKernel { get; internal set; }

    public Kernel RootKernel => ParentKernel?.RootKernel ?? this;

    public int SubmissionCount { get; internal set; }

    internal IReadOnlyDictionary<string, Directive> Directives => _directives;

    /// <summary>Does a command: at once where a cell sends it, and for questions about code; otherwise when those before it are done.</summary>
    public async Task<KernelCommandResult> SendAsync(KernelCommand command, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (command is Cancel) return CancelRunning(command);
        if (KernelInvocationContext.Current is { IsComplete: false } context)
            return await InvokeInsideAsync(command, context).ConfigureAwait(false);
        if (command is LanguageServiceCommand)
            return await InvokeOutermostAsync(command, cancellationToken).ConfigureAwait(false);

        var turn = RootKernel._turn;
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (TryTakeDeferred() is { } deferred)
                await InvokeOutermostAsync(deferred, cancellationToken).ConfigureAwait(false);
            return await InvokeOutermostAsync(command, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Does a command just before the next one.</summary>
    public void DeferCommand(KernelCommand command)
    {
        lock (_gate) _deferred.Enqueue(command ?? throw new ArgumentNullException(nameof(command)));
    }

    /// <summary>Puts a step around every command; the first one added is the outermost.</summary>
    public void AddMiddleware(KernelCommandPipelineMiddleware middleware, [CallerMemberName] string? caller = null)
    {
        lock (_gate) _middleware.Add(middleware ?? throw new ArgumentNullException(nameof(middleware)));
    }

    public void RegisterCommandHandler<TCommand>(Func<TCommand, KernelInvocationContext, Task> handler) where TCommand : KernelCommand
    {
        ArgumentNullException.ThrowIfNull(handler);
        lock (_gate) _handlers[typeof(TCommand)] = (command, context) => handler((TCommand)command, context);
    }

    /// <summary>Adds a directive of the host's own: its handler runs where the line stands in a cell.</summary>
    public void AddDirective(KernelActionDirective directive, KernelCommandInvocation handler)
    {
        ArgumentNullException.ThrowIfNull(directive);
        ArgumentNullException.ThrowIfNull(handler);
        Add(new Directive(directive.Name, directive.Description ?? "", (_, context) => handler(context.Command, context)), directive);
    }

    public bool SupportsCommandType(Type commandType)
    {
        lock (_gate) return _handlers.ContainsKey(commandType);
    }

    public void RegisterForDisposal(Action dispose) => RegisterForDisposal(Disposable.Create(dispose));

    public void RegisterForDisposal(IDisposable disposable) => _disposables.Add(disposable);

    public virtual void Dispose()
    {
        _disposables.Dispose();
        _events.OnCompleted();
        GC.SuppressFinalize(this);
    }

    public override string ToString() => $"{GetType().Name}: {Name}";

    internal void PublishEvent(KernelEvent kernelEvent)
    {
        _events.OnNext(kernelEvent);
        ParentKernel?.PublishEvent(kernelEvent);
    }

    internal void Add(Directive directive, KernelDirective? listed = null)
    {
        _directives[directive.Name] = directive;
        KernelInfo.SupportedDirectives.Add(listed ?? new KernelActionDirective(directive.Name, directive.Description));
    }

    /// <summary>The directive of that name here or in a kernel around this one.</summary>
    internal Directive? FindDirective(string name) =>
        Directives.TryGetValue(name, out var directive) ? directive : ParentKernel?.FindDirective(name);

    private protected virtual Kernel HandlingKernelFor(KernelCommand command) => this;

    private KernelCommandResult CancelRunning(KernelCommand command)
    {
        var result = new KernelCommandResult(command);
        RootKernel._running?.Cancel();
        var done = new CommandSucceeded(command);
        result.Add(done);
        PublishEvent(done);
        return result;
    }

    private async Task<KernelCommandResult> InvokeOutermostAsync(KernelCommand command, CancellationToken cancellationToken)
    {
        using var context = KernelInvocationContext.Establish(this, command, cancellationToken);
        if (command is not LanguageServiceCommand) RootKernel._running = context;
        try
        {
            await InvokeAsync(command, context).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            context.Fail(command, e, e is OperationCanceledException ? "The command was cancelled." : null);
        }
        finally
        {
            if (command is not LanguageServiceCommand) RootKernel._running = null;
        }
        context.Complete(command);
        return context.Result;
    }

    /// <summary>A command sent by a cell: its events are the cell's, and its failure is the cell's.</summary>
    private async Task<KernelCommandResult> InvokeInsideAsync(KernelCommand command, KernelInvocationContext context)
    {
        var result = new KernelCommandResult(command);
        command.SetParent(context.Command);
        using (context.KernelEvents.Subscribe(result.Add))
        {
            context.Enter(this);
            try
            {
                await InvokeAsync(command, context).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                context.Fail(command, e);
            }
            finally
            {
                context.Leave();
            }
        }
        return result;
    }

    private Task InvokeAsync(KernelCommand command, KernelInvocationContext context)
    {
        KernelPipelineContinuation next = HandleAsync;
        KernelCommandPipelineMiddleware[] steps;
        lock (_gate) steps = [.. _middleware];
        foreach (var step in steps.Reverse())
        {
            var inner = next;
            next = (c, k) => step(c, k, inner);
        }
        return next(command, context);
    }

    private async Task HandleAsync(KernelCommand command, KernelInvocationContext context)
    {
        var kernel = HandlingKernelFor(command);
        if (kernel != this)
        {
            context.Enter(kernel);
            try
            {
                await kernel.InvokeAsync(command, context).ConfigureAwait(false);
            }
            finally
            {
                context.Leave();
            }
            return;
        }
        Func<KernelCommand, KernelInvocationContext, Task>? handler;
        lock (_gate) _handlers.TryGetValue(command.GetType(), out handler);
        if (handler is null) await command.InvokeAsync(context).ConfigureAwait(false);
        else await handler(command, context).ConfigureAwait(false);
    }

    private KernelCommand? TryTakeDeferred()
    {
        lock (_gate) return _deferred.TryDequeue(out var command) ? command : null;
    }
}
