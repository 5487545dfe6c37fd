namespace Microsoft.DotNet.Interactive.Commands;

/// <summary>Something that a kernel is asked to do.</summary>
public abstract class KernelCommand
{
    private string? _token;

    protected KernelCommand(string? targetKernelName = null) => TargetKernelName = targetKernelName;

    public KernelCommandInvocation? Handler { get; set; }

    public KernelCommand? Parent { get; private set; }

    public string? TargetKernelName { get; internal set; }

    public void SetParent(KernelCommand? parent, bool bubbleEvents = false) => Parent = parent;

    public void SetToken(string token) => _token = token;

    public string GetOrCreateToken() => _token ??= Guid.NewGuid().ToString("N");

    public virtual Task InvokeAsync(KernelInvocationContext context) =>
        Handler is { } handler ? handler(this, context) : throw new CommandNotSupportedException(GetType(), context.HandlingKernel);

    public override string ToString() => GetType().Name;
}
