using System.Text.Json.Nodes;
using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Tests.Jupyter;

/// <summary>
/// Chapters in the C# kernel of Polyglot Notebooks (the tool Microsoft.dotnet-interactive), as a Jupyter client runs them.
/// </summary>
public sealed class PolyglotTests : IDisposable
{
    private const string Version = "1.0.712001";
    private static readonly string ToolFolder = Path.Combine(Repository.Find().Artifacts, "tools", "dotnet-interactive");
    private static readonly string ToolProgram =
        Path.Combine(ToolFolder, OperatingSystem.IsWindows() ? "dotnet-interactive.exe" : "dotnet-interactive");
    private static readonly string Python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python";
    private static readonly Lazy<string?> WhyNoTool = new(InstallTool);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("00")]
    [InlineData("02")]
    [InlineData("05")]
    [InlineData("07")]
    [InlineData("09")]
    public void A_chapter_runs_whole_and_shows_its_figures(string number)
    {
        Assert.SkipWhen(Run(Python, "-c", "import nbclient").Code != 0, "needs Python with nbclient (Debian: python3-nbclient)");
        Assert.SkipWhen(WhyNoTool.Value is not null, $"needs the tool Microsoft.dotnet-interactive: {WhyNoTool.Value}");
        var repository = Repository.Find();
        SetupScript.Write(new Repository(_folder.Path), AppContext.BaseDirectory);
        var chapter = repository.Resolve([number])[0];
        var notebook = _folder.Write($"notebooks/{Path.GetFileName(chapter)}", File.ReadAllText(chapter));
        var kernels = Directory.CreateDirectory(_folder["prefix/share/jupyter/kernels"]).FullName;
        var (installed, said) = Run(ToolProgram, "jupyter", "install", "--path", kernels);
        Assert.True(installed == 0, said);

        var (code, output) = Run(Python, Path.Combine(AppContext.BaseDirectory, "Jupyter", "polyglot.py"), ".net-csharp",
            notebook);

        Assert.True(code == 0, output);
        var cells = JsonNode.Parse(output.Split('\n')
            .Single(line => line.StartsWith("CELLS ", StringComparison.Ordinal))["CELLS ".Length..])!.AsArray();
        Assert.All(cells, cell => Assert.True((string)cell!["error"]! + (string)cell["stderr"]! == "", cell.ToJsonString()));
        Assert.All(cells, cell => Assert.Equal((int)cell!["html"]!, cell["figures"]!.AsArray().Count));
        JsonNode[] figures = [.. cells.SelectMany(cell => cell!["figures"]!.AsArray()).Select(figure => figure!)];
        Assert.NotEmpty(figures);
        Assert.All(figures, figure => Assert.NotEmpty(figure["data"]!.AsArray()));
    }

    /// <summary>Installs the tool where it is not there yet; null, or what is in the way.</summary>
    private static string? InstallTool()
    {
        if (Directory.Exists(Path.Combine(ToolFolder, ".store", "microsoft.dotnet-interactive", Version))) return null;
        string[] arguments = ["tool", "install", "Microsoft.dotnet-interactive", "--version", Version, "--tool-path", ToolFolder];
        var (code, output) = Tool.Capture("dotnet", arguments, TimeSpan.FromMinutes(5));
        return code == 0 ? null : output;
    }

    private (int Code, string Output) Run(string program, params string[] arguments) =>
        Tool.Capture(program, arguments, TimeSpan.FromMinutes(15), environment: new Dictionary<string, string?>
        {
            ["PATH"] = ToolFolder + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH"),
            ["JUPYTER_PATH"] = _folder["prefix/share/jupyter"],
            ["JUPYTER_RUNTIME_DIR"] = _folder["runtime"],
            ["WORKBOOK_DATA"] = Repository.Find().Data,
            ["WORKBOOK_BUDGET"] = "quick",
            ["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1",
        });
}
