using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Jupyter;

/// <summary>The process that a Jupyter client starts as its kernel.</summary>
internal static partial class JupyterKernel
{
    /// <summary>The command by which this program is started as a kernel; it is not for users.</summary>
    public const string Command = "__kernel";

    /// <summary>Serves the client of a connection file until it asks for the end or is gone.</summary>
    /// <exception cref="UserException">The connection file cannot be used, or a port of it is taken.</exception>
    public static async Task<int> RunAsync(string connectionFile)
    {
        var connection = ConnectionFile.Read(connectionFile);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = new KernelServer(connection, () =>
            ended.TrySetResult(), message => Console.Error.WriteLine($"[kernel] {message}"));
        await using (server.ConfigureAwait(false))
        {
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
                { signal.Cancel = true; ended.TrySetResult(); });
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
                { signal.Cancel = true; server.Interrupt(); });
            using var parent = WatchParent(() => ended.TrySetResult());
            await ended.Task.ConfigureAwait(false);
        }
        ProcessEnd.ForSure();
        return ExitCode.Success;
    }

    /// <summary>
    /// A client that was killed says no goodbye. On Unix its kernel becomes another process's child; on Windows a client gives
    /// its kernel a handle of itself.
    /// </summary>
    private static Timer? WatchParent(Action end)
    {
        if (!long.TryParse(Environment.GetEnvironmentVariable("JPY_PARENT_PID"), CultureInfo.InvariantCulture, out var given))
            return null;
        Func<bool> isGone;
        if (OperatingSystem.IsWindows())
        {
            var client = new ManualResetEvent(false) { SafeWaitHandle = new SafeWaitHandle((nint)given, ownsHandle: true) };
            isGone = () => client.WaitOne(TimeSpan.Zero);
        }
        else
        {
            var parent = getppid();
            isGone = () => getppid() != parent;
        }
        return new Timer(_ =>
        {
            if (isGone()) end();
        }, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    [LibraryImport("libc")]
    private static partial int getppid();
}
