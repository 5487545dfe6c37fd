using System.Xml.Linq;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using RealNvp.Flows.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>The examples in the library's documentation run as they stand, and print what their comments say.</summary>
public sealed class ExampleTests
{
    private const string Prints = "// prints ";

    private static readonly ScriptOptions Options = ScriptOptions.Default
        .AddReferences(typeof(Flow).Assembly, typeof(torch).Assembly, typeof(Host).Assembly)
        .AddImports("System", "System.IO", "System.Linq", "TorchSharp", "TorchSharp.torch",
            "RealNvp.Flows.Bijections", "RealNvp.Flows.Compression", "RealNvp.Flows.Data", "RealNvp.Flows.Distributions",
            "RealNvp.Flows.Evaluation", "RealNvp.Flows.Inference", "RealNvp.Flows.Models", "RealNvp.Flows.Networks", "RealNvp.Flows.Numerics",
            "RealNvp.Flows.Simulation", "RealNvp.Flows.Training",
            "RealNvp.Flows.Transformers");

    private static readonly Dictionary<string, string> Examples = XDocument
        .Load(Path.ChangeExtension(typeof(Flow).Assembly.Location, ".xml")).Descendants("member")
        .SelectMany(member => member.Elements("example").Elements("code"),
            (member, code) => (Name: ((string)member.Attribute("name")!)[2..], Code: code.Value))
        .ToDictionary(example => example.Name, example => example.Code);

    public static TheoryData<string> Names => [.. Examples.Keys];

    [Theory, MemberData(nameof(Names))]
    public async Task An_example_runs_and_prints_what_it_says(string of)
    {
        var lines = Examples[of].Split('\n').Select(line => line.TrimEnd()).ToList();
        var indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        var expected = lines.Where(line => line.Length > indent).Select(line => line[indent..])
            .Where(line => line.StartsWith(Prints, StringComparison.Ordinal)).Select(line => line[Prints.Length..]);
        Assert.NotEmpty(expected);
        using var scope = NewDisposeScope();
        manual_seed(1);
        var printed = new StringWriter();
        await CSharpScript.RunAsync(Examples[of], Options, new Host(printed));
        Assert.Equal(expected, printed.ToString().TrimEnd().Split('\n').Select(line => line.TrimEnd()));
    }

    /// <summary>What an example prints to: other tests print, too.</summary>
    public sealed record Host(TextWriter Console);

    [Theory]
    [InlineData("Bijections.Bijection")]
    [InlineData("Bijections.Chain")]
    [InlineData("Bijections.Coupling")]
    [InlineData("Distributions.Flow")]
    [InlineData("Models.Architectures")]
    [InlineData("Training.Trainer")]
    [InlineData("Training.Weights")]
    [InlineData("Transformers.RationalQuadraticTransformer")]
    public void What_users_start_from_has_an_example(string name) => Assert.Contains($"RealNvp.Flows.{name}", Examples.Keys);
}
