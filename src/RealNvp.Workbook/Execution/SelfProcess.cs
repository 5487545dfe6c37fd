using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RealNvp.Workbook.Execution;

/// <summary>Starts this program once more, on the runtime that runs it now.</summary>
internal static class SelfProcess
{
    /// <summary>Set to 0, the runtime makes no sockets for debuggers in the temporary folder, where those of a process that is killed stay.</summary>
    internal const string Diagnostics = "DOTNET_EnableDiagnostics";

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

    /// <param name="arguments">This program's arguments.</param>
    /// <param name="enclosure">A command that runs the command after its own arguments, such as a sandbox; null or empty: none.</param>
    internal static ProcessStartInfo Create(IEnumerable<string> arguments, IEnumerable<string>? enclosure = null)
    {
        string[] words = [.. enclosure ?? [], DotnetPath, AssemblyPath, .. arguments];
        var start = new ProcessStartInfo(words[0]) { UseShellExecute = false };
        foreach (var word in words[1..]) start.ArgumentList.Add(word);
        return start;
    }
}
