using System.Runtime.InteropServices;

namespace RealNvp.Workbook.Execution;

/// <summary>The end of a process that runs cells.</summary>
internal static partial class ProcessEnd
{
    private const uint Patience = 2;   // seconds

    /// <summary>
    /// Ends this process in good order, or after some seconds without: the handlers of native libraries run then, and OpenBLAS's waits for ever where a cell is
    /// within a matrix product. The system's own timer sees to it, since managed threads may not run any more.
    /// </summary>
    internal static void ForSure()
    {
        if (!OperatingSystem.IsWindows()) _ = alarm(Patience);
        Environment.Exit(ExitCode.Success);
    }

    [LibraryImport("libc")]
    private static partial uint alarm(uint seconds);
}
