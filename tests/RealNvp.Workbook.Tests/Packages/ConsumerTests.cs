using System.Text.Json.Nodes;
using RealNvp.Workbook.Execution;
using RealNvp.Workbook.Tests.Execution;
using RealNvp.Workbook.Tests.Jupyter;

namespace RealNvp.Workbook.Tests.Packages;

/// <summary>The packages in the hands of those who install them; what they run is what the packages' READMEs say.</summary>
public sealed class ConsumerTests(PackageFeed feed) : IClassFixture<PackageFeed>
{
    [Fact]
    public void A_console_program_fits_a_table_and_the_tests_of_another_project_load_it()
    {
        feed.Write("console/console.csproj", Project(Flows, LibTorch));
        feed.Write("console/Program.cs", PackageFeed.ReadmeProgram("RealNvp.Flows"));
        File.Copy(feed["measurements.csv"], feed["console/measurements.csv"]);
        var (code, output) = feed.Dotnet("console", "run");
        Assert.True(code == 0, output);
        Assert.Contains("best held-out loss", output);
        Assert.Contains("the oddest row: ", output);
        Assert.True(File.Exists(feed["console/flow.safetensors"]));
        Assert.Equal(TorchSharpWithHeldArguments, File.ReadAllBytes(feed["console/bin/Debug/net10.0/TorchSharp.dll"]));
        (code, output) = feed.Dotnet("console", "publish", "-o", "published");
        Assert.True(code == 0, output);
        Assert.Equal(TorchSharpWithHeldArguments, File.ReadAllBytes(feed["console/published/TorchSharp.dll"]));

        feed.Write("tested/tested.csproj", Project(Flows, LibTorch, Reference("Microsoft.NET.Test.Sdk"),
            Reference("xunit.v3.mtp-off"), Reference("xunit.runner.visualstudio")));
        feed.Write("tested/FlowTests.cs", $$"""
            using System.Globalization;
            using RealNvp.Flows.Distributions;
            using RealNvp.Flows.Models;
            using RealNvp.Flows.Training;
            using TorchSharp;
            using Xunit;
            using static TorchSharp.torch;

            public sealed class FlowTests
            {
                [Fact]
                public void It_beats_a_Gaussian_and_samples_as_many_long_eruptions_as_there_are()
                {
                    var values = File.ReadLines(@"{{feed["measurements.csv"]}}").Skip(1)
                        .SelectMany(line => line.Split(',').Select(v => float.Parse(v, CultureInfo.InvariantCulture)));
                    var x = tensor(values.ToArray()).view(-1, 2);
                    var flow = Architectures.Tabular(x, layers: 4, width: 32);
                    Weights.Load(flow, @"{{feed["console/flow.safetensors"]}}");
                    // 0.5 nats lie between a Gaussian and a mixture of two; a Gaussian that is spoilt loses more
                    Assert.True(Trainer.MeanLogProb(flow, x) > Trainer.MeanLogProb(Gaussian.Fit(x), x) + 0.2);
                    // 5 standard errors of 2000 draws, and as much for the fit
                    var share = flow.Sample(2000).select(1, 0).gt(3).to(float32).mean().ToSingle();
                    Assert.Equal(x.select(1, 0).gt(3).to(float32).mean().ToSingle(), share, 0.1);
                }
            }
            """);
        (code, output) = feed.Dotnet("tested", "test", "--nologo");
        Assert.True(code == 0, output);
        Assert.Contains("Passed:     1", output);
    }

    [Fact]
    public void A_program_of_one_file_draws_though_such_programs_have_no_JSON_by_reflection()
    {
        feed.Write("single/figures.cs", $"""
            #:package RealNvp.Figures@{PackageFeed.Version}
            #:package {PackageFeed.LibTorch}@{PackageFeed.VersionOf("libtorch-cpu-linux-x64")}
            #:property PublishAot=false
            #:property JsonSerializerIsReflectionEnabledByDefault=false
            {PackageFeed.ReadmeProgram("RealNvp.Figures")}
            Weights.Save(flow, "flow.safetensors");
            """);
        var (code, output) = feed.Dotnet("single", "run", "figures.cs");
        Assert.True(code == 0, output);
        foreach (var page in (string[])["training.html", "density.html", "samples.html"])
            Assert.Contains("data-figure=", File.ReadAllText(feed[$"single/{page}"]));
    }

    [Fact]
    public void Without_libtorch_the_build_warns_and_the_first_model_says_what_to_add()
    {
        feed.Write("bare/bare.csproj", Project(Flows));
        feed.Write("bare/Program.cs", "new RealNvp.Flows.Distributions.StandardNormal(2);");
        var (built, warned) = feed.Dotnet("bare", "build");
        Assert.True(built == 0, warned);
        Assert.Contains("warning RNVP001: RealNvp.Flows runs on libtorch", warned);
        var (code, output) = feed.Dotnet("bare", "run", "--no-build");
        Assert.NotEqual(0, code);
        Assert.Contains("DllNotFoundException: RealNvp.Flows runs on libtorch, and this program refers to no package of it. Add "
            + $"one: for this system alone `dotnet add package {PackageFeed.LibTorch} --version "
            + PackageFeed.VersionOf("libtorch-cpu-linux-x64"), output);
        Assert.DoesNotContain("LoadNativeBackend", output);   // TorchSharp's own, forty lines
    }

    [Fact]
    public async Task A_notebook_in_our_kernel_fits_and_shows_its_figures()
    {
        var notebook = feed.Write("ours/notebook.ipynb", Notebook());
        File.Copy(feed["measurements.csv"], feed["ours/measurements.csv"]);
        var summary = await NotebookRunner.RunAsync(notebook, feed["ours/executed.ipynb"],
            new RunOptions { Environment = feed.Environment });
        Assert.True(summary.Succeeded, summary.Error?.ToString());
        var shown = JsonNode.Parse(File.ReadAllText(summary.OutputPath))!["cells"]![3]!["outputs"]![0]!["data"]!;
        Assert.Contains("data-figure=", shown["text/html"]!.ToJsonString());
        Assert.NotNull(shown["application/vnd.plotly.v1+json"]);
        Assert.True(File.Exists(feed["ours/flow.safetensors"]));
    }

    [Fact]
    public void A_notebook_in_Polyglot_Notebooks_kernel_fits_and_shows_its_figures()
    {
        PolyglotTool.SkipUnlessThere();
        var notebook = feed.Write("polyglot/notebook.ipynb", Notebook());
        File.Copy(feed["measurements.csv"], feed["polyglot/measurements.csv"]);
        var cells = PolyglotTool.Run(notebook, feed["jupyter"], feed.Environment);
        Assert.All(cells, cell => Assert.True((string)cell!["error"]! + (string)cell["stderr"]! == "", cell.ToJsonString()));
        Assert.Equal([0, 0, 0, 1], cells.Select(cell => (int)cell!["html"]!));
        Assert.True(File.Exists(feed["polyglot/flow.safetensors"]));
    }

    // What this program runs on (Build/LifetimesTests.cs).
    private static byte[] TorchSharpWithHeldArguments { get; } = File.ReadAllBytes(typeof(TorchSharp.torch).Assembly.Location);

    private static string Flows { get; } = $"""<PackageReference Include="RealNvp.Flows" Version="{PackageFeed.Version}" />""";

    private static string LibTorch { get; } =
        Reference("libtorch-cpu-linux-x64").Replace("libtorch-cpu-linux-x64", PackageFeed.LibTorch, StringComparison.Ordinal);

    private static string Reference(string package) =>
        $"""<PackageReference Include="{package}" Version="{PackageFeed.VersionOf(package)}" />""";

    private static string Project(params string[] references) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
          </PropertyGroup>
          <ItemGroup>{string.Concat(references)}</ItemGroup>
        </Project>
        """;

    private static string Notebook() => NotebookText.Of(
        $"#r \"nuget: RealNvp.Figures, {PackageFeed.Version}\"\n"
        + $"#r \"nuget: {PackageFeed.LibTorch}, {PackageFeed.VersionOf("libtorch-cpu-linux-x64")}\"",
        "using System.IO;\n" + PackageFeed.ReadmeProgram("RealNvp.Flows"),
        PackageFeed.ReadmeProgram("RealNvp.Figures"),
        "Plot.Scatter(\"Samples\", \"x1\", \"x2\", (\"samples\", flow.Sample(200)))");
}
