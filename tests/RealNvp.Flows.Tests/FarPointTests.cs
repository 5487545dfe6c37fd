using RealNvp.Flows.Bijections;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Evaluation;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>Fitted flows far from their data, in float32: the way there and back, and its gradients.</summary>
public sealed class FarPointTests
{
    private const double Enough = 1e-3;   // of standard deviations near 1, with 7 digits of which 10 deviations leave 6

    /// <summary>A flow for data, how far out it is to be right, in standard deviations, and the steps that it is fitted
    /// by.</summary>
    private sealed record Family(Func<Tensor, Flow> Build, double RightTo = 10, int Steps = 150);

    private static readonly Dictionary<string, Family> Families = new()
    {
        ["Real NVP"] = new(_ => Architectures.RealNvp(2)),
        ["deep Real NVP"] = new(_ => Architectures.RealNvp(2, layers: 24)),
        ["fine Real NVP"] = new(_ => Architectures.FineRealNvp2D()),
        ["NICE"] = new(_ => Architectures.Nice(2)),
        ["neural spline"] = new(_ => Architectures.NeuralSpline(2)),
        ["Tabular"] = new(_ => Architectures.Tabular(2)),
        ["Tabular of data"] = new(x => Architectures.Tabular(x)),
        ["Gaussianization"] = new(_ => Architectures.Gaussianization(2), Steps: 30),
        ["MAF"] = new(_ => Architectures.Maf(2)),
        ["IAF"] = new(_ => Architectures.Iaf(2)),
        ["NAF"] = new(_ => Architectures.Naf(2)),
        ["dense NAF"] = new(_ => Architectures.Naf(2, transformer: new DenseSigmoidalTransformer())),
        ["NAF of B-splines"] = new(_ => Architectures.Naf(2, transformer: new BSplineTransformer())),
        ["NAF of splines"] = new(_ => Architectures.Naf(2, transformer: new RationalQuadraticTransformer())),
        // As their documentation says: flat between components.
        ["NAF of normals"] = new(_ => Architectures.Naf(2, transformer: new MixtureOfNormalsTransformer()), RightTo: 2,
            Steps: 30),
        ["NAF of logistics"] = new(_ => Architectures.Naf(2, transformer: new MixtureOfLogisticsTransformer()), RightTo: 1),
        ["TarFlow"] = new(_ => Architectures.TarFlow(2, width: 16, blocks: 1), Steps: 60),
        ["FFJORD"] = new(_ => Architectures.Ffjord(2, hidden: [16]), Steps: 30),
        ["residual"] = new(_ => Architectures.Residual(2, layers: 4, hidden: [16])),
        ["planar"] = new(_ => Architectures.Planar(2)),
        ["radial"] = new(_ => Architectures.Radial(2)),
        ["Sylvester"] = new(_ => Architectures.Sylvester(2)),
        ["triangular Sylvester"] = new(_ => Architectures.Sylvester(2, basis: SylvesterBasis.Triangular)),
        ["monotone sums"] = new(_ => new(new Chain(new LuLinear(2), new MonotoneSum(6, 2), new LuLinear(2), new MonotoneSum(6,
            2)))),
        ["sinh-arcsinh"] = new(_ => new(new Chain(new LuLinear(2), new SinhArcsinh(2), new LuLinear(2), new SinhArcsinh(2)))),
    };

    public static TheoryData<string> Names => [.. Families.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Points_far_out_come_back_and_send_gradients_that_are_numbers(string name)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(3);
        var family = Families[name];
        var data = Toys.Moons(2000);
        var flow = family.Build(data);
        Trainer.Fit(flow, data, options: new() { Steps = family.Steps, LearningRate = 5e-3, Schedule = Schedule.Constant });
        var angle = torch.arange(0, 48) * (2 * Math.PI / 48);
        var around = torch.stack([angle.cos(), angle.sin()], 1) * data.std(0L, unbiased: false);
        foreach (var far in new[] { 1.0, 2, 4, 6, 8, 10, 50 })
        {
            using var inner = NewDisposeScope();
            var x = data.mean([0]) + around * far;
            var error = InverseError.Of(flow.Bijection, x);
            if (far <= family.RightTo) Assert.True(error.Largest < Enough, $"at {far} deviations: {error.Largest:g3}");
            Tensor z;
            using (torch.no_grad()) z = flow.Bijection.Forward(x).Z.detach();
            z.requires_grad_();
            var gradient = torch.autograd.grad([flow.Bijection.Inverse(z).X.sum()], [z])[0];
            Assert.False(gradient.isnan().any().ToBoolean(), $"NaN among the gradients at {far} deviations");
        }
    }

    [Fact]
    public void Where_an_inverse_has_lost_its_digits_the_inverse_error_says_so()
    {
        using var scope = NewDisposeScope();
        // Two logistics of scale e^-4 at -5 and 5: between them the map is flat beyond float32.
        var layer = new Elementwise(new MixtureOfLogisticsTransformer(2), 1);
        using (torch.no_grad())
            layer.parameters().Single().copy_(torch.tensor(new float[] { 0, 0, -5, 5, -4, -4 }));
        Assert.True(InverseError.Of(layer, torch.zeros(1, 1) + 1).Largest > 0.1);
        Assert.True(InverseError.Of(layer, torch.zeros(1, 1) + 5).Largest < 1e-3);
    }
}
