using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RealNvp.Workbook.Execution;

/// <summary>Starts this program once more, on the runtime that runs it now.</summary>
internal static class SelfProcess
{
    /// <summary>
    /// Set to 0, the runtime makes no sockets for debuggers in the temporary folder, where those of a process that is killed
    /// stay.
    /// </summary>
    internal const string Diagnostics = "DOTNET_EnableDiagnostics";

    /// <summary>
    /// Set to 0, the runtime does not count what code does to compile it better later: for a process that only passes messages on,
    /// counting costs more than it gains.
    /// </summary>
    internal const string Profiling = "DOTNET_TieredPGO";

    internal static string AssemblyPath => typeof(SelfProcess).Assembly.Location;

    internal static string DotnetPath
    {
        get
        {
            var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
            if (Path.GetFileName(Environment.ProcessPath) == name) return Environment.ProcessPath!;
            var beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
            return File.Exists(beside) ? beside : name;
        }
    }

    /// <summary>
    /// The program with which it is published where the runtime is part of it; null where it runs on an installed one.
    /// </summary>
    private static string? OwnProgram
    {
        get
        {
            var folder = Path.GetDirectoryName(AssemblyPath)!;
            var runtime = Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory());
            return runtime == folder ? Path.ChangeExtension(AssemblyPath, OperatingSystem.IsWindows() ? ".exe" : null) : null;
        }
    }

    /// <param name="arguments">This program's arguments.</param>
    /// <param name="enclosure">A command that runs the command after its own arguments, such as a sandbox; null or empty:
    /// none.</param>
    internal static ProcessStartInfo Create(IEnumerable<string> arguments, IEnumerable<string>? enclosure = null)
    {
        string[] program = OwnProgram is { } own ? [own] : [DotnetPath, AssemblyPath];
        string[] words = [.. enclosure ?? [], .. program, .. arguments];
        var start = new ProcessStartInfo(words[0]) { UseShellExecute = false };
        foreach (var word in words[1..]) start.ArgumentList.Add(word);
        return start;
    }
}
