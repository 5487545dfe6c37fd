using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>The functions of native/optim.cpp.</summary>
internal static unsafe partial class NativeMethods
{
    [DllImport(Library)]
    internal static extern int td_optim_step(int algorithm, nint* tensors, double* scalars, byte* status, int count);
    [DllImport(Library)] internal static extern int td_zero_grads(nint* handles, int count);
    [DllImport(Library)] internal static extern int td_drop_grads(nint* handles, int count);
    [DllImport(Library)] internal static extern int td_clip_grad_norm(nint* handles, int count, double maxNorm, double* norm, byte* done);
}
