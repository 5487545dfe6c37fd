using System.Text.Json.Nodes;
using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Tests.Jupyter;

/// <summary>The tool Microsoft.dotnet-interactive, the C# kernel of Polyglot Notebooks, and a Jupyter client that drives it.</summary>
internal static class PolyglotTool
{
    private const string Version = "1.0.712001";
    private static readonly string ToolFolder = Path.Combine(Repository.Find().Artifacts, "tools", "dotnet-interactive");
    private static readonly string ToolProgram =
        Path.Combine(ToolFolder, OperatingSystem.IsWindows() ? "dotnet-interactive.exe" : "dotnet-interactive");
    private static readonly string Python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python";
    private static readonly Lazy<string?> WhyNoTool = new(InstallTool);

    internal static void SkipUnlessThere()
    {
        Assert.SkipWhen(Tool.Capture(Python, ["-c", "import nbclient"], TimeSpan.FromMinutes(5)).ExitCode != 0,
            "needs Python with nbclient (Debian: python3-nbclient)");
        Assert.SkipWhen(WhyNoTool.Value is not null, $"needs the tool Microsoft.dotnet-interactive: {WhyNoTool.Value}");
    }

    /// <summary>Runs a notebook whole.</summary>
    /// <param name="notebook">The notebook.</param>
    /// <param name="folder">Where the kernel is registered, and Jupyter keeps what it needs.</param>
    /// <param name="environment">More environment variables; a null value removes one.</param>
    /// <returns>What polyglot.py says of each code cell.</returns>
    internal static JsonArray Run(string notebook, string folder, IReadOnlyDictionary<string, string?> environment)
    {
        var kernels = Directory.CreateDirectory(Path.Combine(folder, "prefix/share/jupyter/kernels")).FullName;
        var (installed, said) = Start(ToolProgram, "jupyter", "install", "--path", kernels);
        Assert.True(installed == 0, said);
        var (code, output) = Start(Python, Path.Combine(AppContext.BaseDirectory, "Jupyter", "polyglot.py"), ".net-csharp", notebook);
        Assert.True(code == 0, output);
        return JsonNode.Parse(output.Split('\n')
            .Single(line => line.StartsWith("CELLS ", StringComparison.Ordinal))["CELLS ".Length..])!.AsArray();

        (int, string) Start(string program, params string[] arguments) =>
            Tool.Capture(program, arguments, TimeSpan.FromMinutes(15), environment: new Dictionary<string, string?>(environment)
            {
                ["PATH"] = ToolFolder + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH"),
                ["JUPYTER_PATH"] = Path.Combine(folder, "prefix/share/jupyter"),
                ["JUPYTER_RUNTIME_DIR"] = Path.Combine(folder, "runtime"),
                ["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1",
            });
    }

    /// <summary>Installs the tool where it is not there yet; null, or what is in the way.</summary>
    private static string? InstallTool()
    {
        if (Directory.Exists(Path.Combine(ToolFolder, ".store", "microsoft.dotnet-interactive", Version))) return null;
        string[] arguments = ["tool", "install", "Microsoft.dotnet-interactive", "--version", Version, "--tool-path", ToolFolder];
        var (code, output) = Tool.Capture("dotnet", arguments, TimeSpan.FromMinutes(5));
        return code == 0 ? null : output;
    }
}
