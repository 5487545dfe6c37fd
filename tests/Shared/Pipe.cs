using System.Diagnostics;

namespace RealNvp.Tests;

/// <summary>Named pipes that nobody writes into: whoever opens one for reading waits.</summary>
internal static class Pipe
{
    /// <summary>Whether this system has pipes among its files.</summary>
    internal static bool Exists => !OperatingSystem.IsWindows();

    internal static string At(string path)
    {
        using var made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
        return path;
    }

    /// <summary>Does work that must not wait for a pipe's other end.</summary>
    internal static void NotAwaited(Action work)
    {
        var worker = Task.Run(work);
        Assert.True(Task.WaitAny([worker], TimeSpan.FromMinutes(1)) == 0, "it waits for the pipe");
        worker.GetAwaiter().GetResult();
    }
}
