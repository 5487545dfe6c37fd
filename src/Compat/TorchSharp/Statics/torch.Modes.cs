using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Until the guard is disposed, operators record nothing for backward.</summary>
    public static IDisposable no_grad() => new GradGuard(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradGuard(enabled);
    public static IDisposable set_grad_enabled(bool mode = true) => new GradGuard(mode);

    /// <summary>As <see cref="no_grad"/>, and what is made under it can never take part in autograd.</summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceGuard(mode);

    public static bool is_grad_enabled() => NativeMethods.td_grad_mode() != 0;
    public static bool is_inference_mode_enabled() => NativeMethods.td_inference_mode() != 0;

    private sealed class GradGuard : IDisposable
    {
        private readonly byte _before = NativeMethods.td_grad_mode();
        private bool _disposed;

        internal GradGuard(bool enabled) => NativeMethods.td_set_grad_mode(enabled ? (byte)1 : (byte)0);

        public void Dispose()
        {
            if (_disposed) return;
            _disposed = true;
            NativeMethods.td_set_grad_mode(_before);
        }
    }

    private sealed class InferenceGuard(bool mode) : IDisposable
    {
        private nint _guard = NativeMethods.td_enter_inference_mode(mode ? (byte)1 : (byte)0);

        public void Dispose()
        {
            var guard = Interlocked.Exchange(ref _guard, 0);
            if (guard != 0) NativeMethods.td_leave_inference_mode(guard);
        }
    }
}
