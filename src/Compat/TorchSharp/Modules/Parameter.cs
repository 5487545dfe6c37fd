namespace TorchSharp.Modules;

/// <summary>A tensor that a module trains: it requires a gradient unless told otherwise.</summary>
public class Parameter : torch.Tensor
{
    /// <summary>
    /// Takes over the handle of <paramref name="data"/> (which becomes invalid) and its place in its dispose scope.
    /// </summary>
    /// <exception cref="ObjectDisposedException"><paramref name="data"/> was disposed.</exception>
    public Parameter(torch.Tensor data, bool requires_grad = true) : this(data, data.OwningDisposeScope, requires_grad)
    {
    }

    private Parameter(torch.Tensor data, DisposeScope? scope, bool requires_grad) : base(Flagged(data, requires_grad))
    {
        MoveToOtherDisposeScope(scope);
    }

    // A result of other tensors requires a gradient already, and its flag cannot be set.
    private static nint Flagged(torch.Tensor data, bool requires_grad)
    {
        if (data.requires_grad != requires_grad) data.requires_grad = requires_grad;
        return data.DecoupleFromNativeHandle();
    }
}
