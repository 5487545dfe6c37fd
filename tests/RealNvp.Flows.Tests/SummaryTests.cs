using System.Globalization;
using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using TorchSharp;
using static TorchSharp.torch;
using Ready = RealNvp.Flows.Models.Flows;

namespace RealNvp.Flows.Tests;

public sealed class SummaryTests
{
    public static readonly IReadOnlyDictionary<string, Func<Flow>> Models = new Dictionary<string, Func<Flow>>
    {
        ["RealNvp"] = () => Ready.RealNvp(4),
        ["RealNvp2D"] = () => Ready.RealNvp2D(),
        ["FineRealNvp2D"] = Ready.FineRealNvp2D,
        ["Nice"] = () => Ready.Nice(4),
        ["NeuralSpline"] = () => Ready.NeuralSpline(4),
        ["Gaussianization"] = () => Ready.Gaussianization(4),
        ["Tabular"] = () => Ready.Tabular(4),
        ["Maf"] = () => Ready.Maf(4),
        ["Iaf"] = () => Ready.Iaf(4),
        ["Naf"] = () => Ready.Naf(4),
        ["Planar"] = () => Ready.Planar(4),
        ["Radial"] = () => Ready.Radial(4),
        ["Sylvester"] = () => Ready.Sylvester(4),
        ["Residual"] = () => Ready.Residual(4),
        ["Ffjord"] = () => Ready.Ffjord(4),
        ["MultiScale"] = () => Ready.MultiScale([1, 8, 8], width: 4, blocks: 1, learnedPrior: true),
        ["Glow"] = () => Ready.Glow([1, 8, 8], steps: 2, width: 4),
        ["NiceImages"] = () => Ready.NiceImages([1, 8, 8], layers: 2, width: 4, depth: 1),
        ["SplineImages"] = () => Ready.SplineImages([1, 8, 8], steps: 2, width: 4),
        ["DequantizationNoise"] = () => Ready.DequantizationNoise([1, 8, 8], 2, 4, 1),
    };

    public static TheoryData<string> Names => [.. Models.Keys];

    [Theory, MemberData(nameof(Names))]
    public void A_ready_made_model_prints_its_layers_shapes_and_parameters(string name)
    {
        using var scope = NewDisposeScope();
        var flow = Models[name]();
        var lines = flow.Summary().Split('\n');
        Assert.StartsWith($"Flow on [{string.Join(", ", flow.EventShape)}]", lines[0]);
        var numbers = lines.Skip(2).Select(l => l.Split(' ')[^1]).Where(w => long.TryParse(w, NumberStyles.AllowThousands, CultureInfo.CurrentCulture, out _))
            .Select(w => long.Parse(w, NumberStyles.AllowThousands, CultureInfo.CurrentCulture)).ToArray();
        Assert.Equal(flow.ParameterCount(), numbers[^1]);
        Assert.Equal(flow.ParameterCount(), numbers[..^1].Sum());
        var layers = flow.modules().OfType<Bijection>().Count(b => b is not Chain and not MultiScale);
        Assert.True(lines.Length >= Math.Min(layers, 3) + 3);
        Assert.All(lines, line => Assert.True(line.Length <= 130, line));
    }

    [Fact]
    public void Every_ready_made_model_is_listed_here()
    {
        var made = typeof(Ready).GetMethods().Where(m => m.IsStatic && m.ReturnType == typeof(Flow)).Select(m => m.Name).Distinct();
        Assert.Empty(made.Except(Models.Keys));
    }
}
