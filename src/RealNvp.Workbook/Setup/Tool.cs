using System.Diagnostics;

namespace RealNvp.Workbook.Setup;

/// <summary>Other programs: finding them on the PATH and running them.</summary>
internal static class Tool
{
    /// <summary>The full path of an executable on the PATH, or null.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => Endings.Select(ending => Path.Combine(folder, name + ending))).FirstOrDefault(IsExecutable);

    private static string[] Endings => OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat"] : [""];

    private static bool IsExecutable(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows()
        || (File.GetUnixFileMode(path) & (
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);

    /// <summary>
    /// Runs a program to its end and returns its exit code and all it printed; -1 where it can't be started or takes too long.
    /// </summary>
    public static (int ExitCode, string Output) Capture(string program, IEnumerable<string> arguments, TimeSpan limit,
        string? folder = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = Start(program, arguments, folder, environment);
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(limit))
            {
                process.Kill(entireProcessTree: true);
                return (-1, $"{program} did not end within {limit.TotalSeconds:0} s");
            }
            return (process.ExitCode, output.Result + error.Result);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, e.Message);
        }
    }

    /// <summary>Runs a program in the user's terminal and returns its exit code.</summary>
    public static async Task<int> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancel,
        string? folder = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        using var process = Process.Start(Start(program, arguments, folder, environment))!;
        try
        {
            await process.WaitForExitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return process.ExitCode;
    }

    private static ProcessStartInfo Start(string program, IEnumerable<string> arguments, string? folder,
        IReadOnlyDictionary<string, string?>? environment)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, WorkingDirectory = folder ?? "" };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        return start;
    }
}
