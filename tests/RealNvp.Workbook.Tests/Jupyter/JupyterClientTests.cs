using System.Diagnostics;
using System.Text.Json.Nodes;
using RealNvp.Workbook.Execution;
using RealNvp.Workbook.Jupyter;
using RealNvp.Workbook.Setup;
using RealNvp.Workbook.Tests.Execution;

namespace RealNvp.Workbook.Tests.Jupyter;

/// <summary>The kernel against real clients; they run where Python has them.</summary>
public sealed class JupyterClientTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Jupyters_conformance_suite_passes()
    {
        var (code, output) = await PythonAsync("conformance.py", "jupyter_kernel_test", []);
        Assert.True(code == 0, output);
        Assert.Contains("OK", output);
    }

    [Fact]
    public async Task A_session_with_input_interrupts_and_restarts_goes_well()
    {
        var (code, output) = await PythonAsync("session.py", "jupyter_client", ["3"]);
        Assert.True(code == 0, output);
        Assert.Contains("ok: 3 restarts leave no process behind", output);
        Assert.Contains("[kernel] a message was dropped: its signature is wrong", output);
        Assert.Contains("[kernel] a message was dropped: it is not signed", output);
    }

    /// <summary>Each script prints what it found, a line a step, and ends at the first that is wrong.</summary>
    [Theory]
    [InlineData("endings.py", "setup", "and the next cell works")]
    [InlineData("interrupts.py", "setup", "and the next cell works")]
    [InlineData("refusals.py", "", "and the next cell works")]
    [InlineData("editing.py", "", "updates bear the ids")]
    [InlineData("processes.py", "3 3", "a client was killed")]
    public async Task What_goes_wrong_in_a_session_goes_well(string script, string arguments, string last)
    {
        SetupScript.Write(new Repository(_folder.Path), AppContext.BaseDirectory);
        var (code, output) = await PythonAsync(script, "jupyter_client", arguments == "setup"
            ? [_folder["notebooks/setup.csx"]] : arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.True(code == 0, output);
        Assert.Contains($"ok: {last}", output);
    }

    [Fact]
    public async Task A_notebook_gives_the_same_figures_through_nbclient_as_through_the_runner()
    {
        SetupScript.Write(new Repository(_folder.Path), AppContext.BaseDirectory);
        var notebook = _folder.Write("notebooks/n.ipynb", NotebookText.Of(
            "#!import \"setup.csx\"",
            "using TorchSharp;\nusing static TorchSharp.torch;\nusing RealNvp.Figures;\nusing RealNvp.Flows.Data;\nusing "
            + "RealNvp.Flows.Training;\n"
            + "manual_seed(1);\nvar moons = Toys.Moons(300, seed: 1);\nPlot.Scatter(\"Moons\", \"x1\", \"x2\", (\"data\", moons))",
            "var flow = RealNvp.Flows.Models.Architectures.RealNvp2D(layers: 2, hidden: [16]);\nvar fit = Trainer.Fit(flow, "
            + "moons, options: new TrainingOptions { Steps = 30, Seed = 2 });\n"
            + "Plot.Density(\"A flow\", \"x1\", \"x2\", x => flow.LogProb(x), new PlotArea(-2, 3, -2, 2)).Display();\n"
            + "Plot.Scatter(\"Samples\", \"x1\", \"x2\", (\"flow\", flow.Sample(100)))"));
        var (ours, theirs) = await FiguresAsync(notebook);
        Assert.Equal([0, 1, 2], theirs.Select(figures => figures!.AsArray().Count));
        Assert.True(JsonNode.DeepEquals(ours, theirs), "the figures differ");
    }

    /// <summary>Cells whose figures show how long something took, or how much memory: no two runs draw the same.</summary>
    private static readonly HashSet<string> Measured = new(StringComparer.Ordinal)
    {
        "02/cost-see", "03/requirements", "05/timing", "06/cost", "07/cost", "11/cost", "12/timing", "14/adjoint",
        "20/directions", "20/depth", "20/memory-measured", "20/table",
    };

    /// <summary>
    /// The first chapter; WORKBOOK_TEST_CHAPTERS=all, or a list such as 02,08, asks for others (each runs twice, up to a minute
    /// each time).
    /// </summary>
    public static TheoryData<string> Chapters
    {
        get
        {
            var asked = Environment.GetEnvironmentVariable("WORKBOOK_TEST_CHAPTERS") is { Length: > 0 } given ? given : "00";
            return [.. Repository.Find().Chapters().Select(path => Path.GetFileNameWithoutExtension(path)!)
                .Where(name => asked == "all" || asked.Split(',').Contains(name[..2]))];
        }
    }

    [Theory]
    [MemberData(nameof(Chapters))]
    public async Task A_chapter_gives_the_same_figures_through_nbclient_as_through_the_runner(string chapter)
    {
        SetupScript.Write(new Repository(_folder.Path), AppContext.BaseDirectory);
        var notebook = _folder.Write($"notebooks/{chapter}.ipynb",
            File.ReadAllText(Path.Combine(Repository.Find().Notebooks, chapter + ".ipynb")));
        var (ours, theirs) = await FiguresAsync(notebook);
        var cells = NotebookFile.Read(notebook).Cells.Where(cell => cell.IsCode).ToList();
        Assert.Equal((cells.Count, cells.Count), (ours.Count, theirs.Count));
        Assert.NotEmpty(ours.SelectMany(figures => figures!.AsArray()));
        foreach (var (cell, (mine, other)) in cells.Zip(ours.Zip(theirs)))
        {
            if (!Measured.Contains($"{chapter[..2]}/{cell.Id}"))
                Assert.True(JsonNode.DeepEquals(mine, other), $"{chapter}, cell {cell.Id}: the figures differ");
            else Assert.Equal(mine!.AsArray().Select(TitleOf), other!.AsArray().Select(TitleOf));
        }
    }

    private static string? TitleOf(JsonNode? figure) => figure!["layout"]?["title"]?.ToJsonString();

    /// <summary>
    /// A notebook's figures as our runner keeps them and as a client of the installed kernel gets them, a list a code cell.
    /// </summary>
    private async Task<(JsonArray Ours, JsonArray Theirs)> FiguresAsync(string notebook)
    {
        var (code, output) = await PythonAsync("figures.py", "nbclient", [notebook]);
        Assert.True(code == 0, output);
        var summary = await NotebookRunner.RunAsync(notebook, _folder["out.ipynb"], new RunOptions { Environment = OneThread });
        Assert.True(summary.Succeeded, summary.Error?.ToString());
        var ours = JsonNode.Parse(File.ReadAllText(summary.OutputPath))!["cells"]!.AsArray()
            .Where(cell => (string)cell!["cell_type"]! == "code").Select(cell => (JsonNode)new JsonArray(
            [.. cell!["outputs"]!.AsArray().Select(shown => shown!["data"]?["application/vnd.plotly.v1+json"]?.DeepClone())
                .Where(figure => figure is not null)]));
        return (new JsonArray([.. ours]),
            JsonNode.Parse(output[output.IndexOf("[[", StringComparison.Ordinal)..(
            output.LastIndexOf("]]", StringComparison.Ordinal) + 2)])!.AsArray());
    }

    /// <summary>Sums come out the same to the last bit where the number of threads does.</summary>
    private static readonly Dictionary<string, string?> OneThread =
        new() { ["OMP_NUM_THREADS"] = "1", ["MKL_NUM_THREADS"] = "1" };

    private async Task<(int Code, string Output)> PythonAsync(string script, string module, string[] arguments)
    {
        const string Python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(Python) && (await RunAsync(Python, ["-c", $"import {module}"])).Code == 0,
            $"needs Python with {module} (Debian: python3-{module.Replace('_', '-')})");
        var kernel = KernelSpecs.Install(_folder["prefix"], "tested-csharp");
        return await RunAsync(Python, [Path.Combine(AppContext.BaseDirectory, "Jupyter", script), kernel.Name, .. arguments]);
    }

    private async Task<(int Code, string Output)> RunAsync(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["JUPYTER_PATH"] = _folder["prefix/share/jupyter"];
        start.Environment["JUPYTER_RUNTIME_DIR"] = _folder["runtime"];
        foreach (var (name, value) in OneThread) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
