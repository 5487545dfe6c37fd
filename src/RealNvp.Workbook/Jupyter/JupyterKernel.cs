using System.Runtime.InteropServices;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Jupyter;

/// <summary>The process that a Jupyter client starts as its kernel.</summary>
public static partial class JupyterKernel
{
    /// <summary>The command by which this program is started as a kernel; it is not for users.</summary>
    public const string Command = "__kernel";

    /// <summary>Serves the client of a connection file until it asks for the end or is gone.</summary>
    /// <exception cref="UserException">The connection file cannot be used, or libzmq is missing.</exception>
    public static int Run(string connectionFile)
    {
        var connection = ConnectionFile.Read(connectionFile);
        using var ended = new ManualResetEventSlim();
        using var server = new KernelServer(connection, ended.Set, message => Console.Error.WriteLine($"[kernel] {message}"));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => { signal.Cancel = true; ended.Set(); });
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => { signal.Cancel = true; server.Interrupt(); });
        using var parent = WatchParent(ended.Set);
        ended.Wait();
        server.Flush();
        ProcessEnd.ForSure();
        return 0;
    }

    /// <summary>A client that was killed says no goodbye: its kernel becomes another process's child, and goes.</summary>
    private static Timer? WatchParent(Action end)
    {
        if (OperatingSystem.IsWindows() || Environment.GetEnvironmentVariable("JPY_PARENT_PID") is not { Length: > 0 }) return null;
        var parent = getppid();
        return new Timer(_ =>
        {
            if (getppid() != parent) end();
        }, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    [LibraryImport("libc")]
    private static partial int getppid();
}
