using TorchSharp.Native;

namespace TorchSharp;

/// <summary>While it lives, backward names the function that made a NaN, and throws.</summary>
public class AnomalyMode : IDisposable
{
    private readonly bool _before = IsEnabled;
    private readonly bool _checkedBefore = ShouldCheckNaN;
    private bool _disposed;

    public AnomalyMode(bool enabled, bool check_nan = true) => Set(enabled, check_nan);

    public static bool IsEnabled => NativeMethods.td_anomaly_enabled() != 0;

    public static bool ShouldCheckNaN => NativeMethods.td_anomaly_check_nan() != 0;

    /// <summary>Restores the mode that was found.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Set(_before, _checkedBefore);
    }

    private static void Set(bool enabled, bool checkNaN) =>
        NativeMethods.td_set_anomaly(enabled ? (byte)1 : (byte)0, checkNaN ? (byte)1 : (byte)0);
}

public static partial class torch
{
    public static partial class autograd
    {
        public static AnomalyMode detect_anomaly(bool check_nan = true) => new(true, check_nan);

        public static AnomalyMode set_detect_anomaly(bool mode, bool check_nan = true) => new(mode, check_nan);
    }
}
