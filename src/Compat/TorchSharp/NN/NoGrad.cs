using TorchSharp.Native;

namespace TorchSharp;

/// <summary>Autograd switched off until disposed: torch.no_grad() without an allocation.</summary>
internal readonly struct NoGrad : IDisposable
{
    private readonly byte _before;

    public NoGrad()
    {
        _before = NativeMethods.td_grad_mode();
        NativeMethods.td_set_grad_mode(0);
    }

    public void Dispose() => NativeMethods.td_set_grad_mode(_before);
}
