using System.Runtime.InteropServices;

namespace RealNvp.Workbook.Execution;

/// <summary>The end of a process that runs cells.</summary>
internal static partial class ProcessEnd
{
    private const uint Patience = 2;   // seconds

    /// <summary>
    /// Ends this process in good order, or after some seconds without: the handlers of native libraries run then, and one may
    /// wait for threads that are within a matrix product. The system's own timer sees to it, since managed threads may not run
    /// any more.
    /// </summary>
    internal static void ForSure()
    {
        if (!OperatingSystem.IsWindows()) _ = alarm(Patience);
        Environment.Exit(ExitCode.Success);
    }

    /// <summary>
    /// Has Linux choose this process where memory is gone, not the kernel or a program of the reader's that are innocent of it.
    /// </summary>
    internal static void FirstWhereMemoryIsGone()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", "900");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Linux chooses by itself, then.
        }
    }

    [LibraryImport("libc")]
    private static partial uint alarm(uint seconds);
}
