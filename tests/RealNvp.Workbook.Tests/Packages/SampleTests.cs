using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Tests.Packages;

/// <summary>The programs of samples/ and docs/, run as their readers run them.</summary>
public sealed class SampleTests : IDisposable
{
    private static readonly string Root = Repository.Find().Root;
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Samples => [.. Directory.EnumerateFiles(Path.Combine(Root, "samples"), "*.cs")
        .Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Samples))]
    public void A_sample_runs_and_says_what_it_found(string name)
    {
        var (code, output) = Run($"samples/{name}.cs", "--quick");
        Assert.True(code == 0, output);
        var said = Says[name];
        Assert.True(said.All(output.Contains), output);
        if (File.Exists(_folder[$"{name}.html"])) Assert.Contains("data-figure=", File.ReadAllText(_folder[$"{name}.html"]));
        else Assert.DoesNotContain("The figure: ", output);
    }

    /// <summary>Lines that each sample ends with where its point is reached.</summary>
    private static readonly Dictionary<string, string[]> Says = new()
    {
        ["anomalies"] = ["<- spoilt", "spoilt rows are among them."],
        ["compression"] = ["What comes back is the same: True."],
        ["images"] = ["Digits are the likeliest, noise the least."],
        ["regression"] = ["the 90 % intervals hold"],
        ["simulation"] = ["posterior"],
        ["variational"] = ["effective sample size", "school H: measured  12 +- 18"],
    };

    [Fact]
    public void Every_fault_that_is_worked_around_is_still_there()
    {
        var (code, output) = Run("docs/known-faults.cs");
        Assert.True(code == 0, output);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(lines);
        // a line that fails: a package has mended its fault, the workaround that docs/known-faults.md names can go
        Assert.All(lines, line => Assert.Contains(" still there", line));
        var text = File.ReadAllText(Path.Combine(Root, "docs", "known-faults.md"));
        Assert.All(lines, line => Assert.Contains($"`{line.Split(' ')[0]}`", text));
    }

    /// <summary>The libraries are those that this build has made.</summary>
    private (int Code, string Output) Run(string program, params string[] arguments) => Tool.Capture("dotnet",
        ["run", "-c", "Release", "-p:BuildProjectReferences=false", "--file", Path.Combine(Root, program), "--", .. arguments],
        TimeSpan.FromMinutes(10), _folder.Path,
        new Dictionary<string, string?> { ["OMP_NUM_THREADS"] = "1", ["DOTNET_NOLOGO"] = "1" });
}
