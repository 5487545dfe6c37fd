using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RealNvp.Workbook.Execution;

/// <summary>Starts this program once more, on the runtime that runs it now.</summary>
internal static class SelfProcess
{
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

    internal static ProcessStartInfo Create(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(DotnetPath) { UseShellExecute = false };
        foreach (var argument in (IEnumerable<string>)[AssemblyPath, .. arguments]) start.ArgumentList.Add(argument);
        return start;
    }
}
