using System.Globalization;
using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

public sealed class SummaryTests
{
    public static readonly IReadOnlyDictionary<string, Func<Flow>> Models = new Dictionary<string, Func<Flow>>
    {
        ["RealNvp"] = () => Architectures.RealNvp(4),
        ["RealNvp2D"] = () => Architectures.RealNvp2D(),
        ["FineRealNvp2D"] = Architectures.FineRealNvp2D,
        ["Nice"] = () => Architectures.Nice(4),
        ["NeuralSpline"] = () => Architectures.NeuralSpline(4),
        ["Gaussianization"] = () => Architectures.Gaussianization(4),
        ["Tabular"] = () => Architectures.Tabular(4),
        ["CirclesAndLines"] = () => Architectures.CirclesAndLines(2, 2),
        ["Maf"] = () => Architectures.Maf(4),
        ["Iaf"] = () => Architectures.Iaf(4),
        ["Naf"] = () => Architectures.Naf(4),
        ["AutoregressiveSpline"] = () => Architectures.AutoregressiveSpline(4),
        ["Umnn"] = () => Architectures.Umnn(4),
        ["Bnaf"] = () => Architectures.Bnaf(4),
        ["TarFlow"] = () => Architectures.TarFlow(4, layers: 2, width: 8, blocks: 1),
        ["TarFlowImages"] = () => Architectures.TarFlowImages([1, 8, 8], layers: 2, width: 8, blocks: 1),
        ["Integer"] = () => Architectures.Integer([4], levels: 16, layers: 2, width: 8),
        ["Planar"] = () => Architectures.Planar(4),
        ["Radial"] = () => Architectures.Radial(4),
        ["Sylvester"] = () => Architectures.Sylvester(4),
        ["Residual"] = () => Architectures.Residual(4),
        ["Ffjord"] = () => Architectures.Ffjord(4),
        ["FlowMatching"] = () => Architectures.FlowMatching(4),
        ["RealNvpImages"] = () => Architectures.RealNvpImages([1, 8, 8], width: 4, blocks: 1, learnedPrior: true),
        ["Glow"] = () => Architectures.Glow([1, 8, 8], steps: 2, width: 4),
        ["NiceImages"] = () => Architectures.NiceImages([1, 8, 8], layers: 2, width: 4, depth: 1),
        ["SplineImages"] = () => Architectures.SplineImages([1, 8, 8], steps: 2, width: 4),
        ["ResidualImages"] = () => Architectures.ResidualImages([1, 8, 8], blocks: 1, width: 4, method: ResidualLogDet.Exact),
        ["DequantizationNoise"] = () => Architectures.DequantizationNoise([1, 8, 8], 2, 4, 1),
    };

    public static TheoryData<string> Names => [.. Models.Keys];

    /// <summary>Events that a ready-made model takes: numbers in [0, 1), or whole ones.</summary>
    public static Tensor Events(string name, Flow flow, long n) => name == "Integer"
        ? TorchSharp.torch.WrappedTensorDisposeScope(() => randint(0, 16, [n, .. flow.EventShape]).to(float32))
        : rand([n, .. flow.EventShape]);

    [Theory, MemberData(nameof(Names))]
    public void A_ready_made_model_prints_its_layers_shapes_and_parameters(string name)
    {
        using var scope = NewDisposeScope();
        var flow = Models[name]();
        var lines = flow.Summary().Split('\n');
        Assert.StartsWith($"Flow on [{string.Join(", ", flow.EventShape)}]", lines[0]);
        var numbers = lines.Skip(2).Select(l => l.Split(' ')[^1])
            .Where(w => long.TryParse(w, NumberStyles.AllowThousands, CultureInfo.CurrentCulture, out _))
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
        var made = typeof(Architectures).GetMethods().Where(m => m.IsStatic && m.ReturnType == typeof(Flow)).Select(m => m.Name)
            .Distinct();
        Assert.Empty(made.Except(Models.Keys));
    }
}
