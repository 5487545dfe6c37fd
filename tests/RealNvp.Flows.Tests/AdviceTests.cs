using RealNvp.Flows.Bijections;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Numerics;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests;

/// <summary>A sentence points to what is wrong, and to what mends it.</summary>
public sealed class AdviceTests
{
    private static readonly TrainingOptions Brief = new() { Steps = 2 };

    public static TheoryData<string> ImageFlows => ["glow", "realnvp", "spline"];

    private static Flow Images(string kind) => new ImageModel(kind, [1, 8, 8], 256, 4, 1).Build();

    [Theory, MemberData(nameof(ImageFlows))]
    public void Images_of_another_range(string kind)
    {
        using var scope = NewDisposeScope();
        using var flow = Images(kind);
        var bytes = torch.randint(0, 256, [30, 1, 8, 8]).to(float32);
        bytes[0, 0, 0, 0] = 255;
        bytes[0, 0, 0, 1] = 0;
        Says(() => Trainer.Fit(flow, bytes, options: Brief), "train", "values from 0 to 255", "[0, 1]", "Levels = 256", "divide");
        Says(() => Trainer.Fit(flow, bytes / 256, bytes, Brief), "heldOut", "values from 0 to 255");
        Says(() => Trainer.Fit(flow, bytes / 127.5 - 1, options: Brief), "train", "from -1 to 1", "[0, 1]", "(x + 1) / 2");
        Says(() => Trainer.Fit(flow, torch.randn(30, 1, 8, 8) * 3, options: Brief), "train", "[0, 1]", "shift and scale");
        Says(() => Trainer.Fit(flow, bytes + 0.5, options: Brief), "train", "255.5", "divide by 256");
        Trainer.Fit(flow, bytes, options: Brief with { Levels = 256 });
        Trainer.Fit(flow, bytes / 255, options: Brief);
    }

    [Fact]
    public void Maps_from_an_interval_say_which()
    {
        using var scope = NewDisposeScope();
        var x = torch.rand(30, 2) * 4;
        Flow Of(Bijection first) => new(new Chain(new Permute([1, 0]), first, new LuLinear(2)));
        Says(() => Trainer.Fit(Of(new NormalQuantile()), x, options: Brief), "train", "[0, 1]");
        Says(() => Trainer.Fit(Of(new Invert(new Tanh())), x, options: Brief), "train", "[-1, 1]");
        Says(() => Trainer.Fit(Of(new Invert(new Softplus())), -x, options: Brief), "train", "[0, ");
        Trainer.Fit(Of(new Invert(new Softplus())), x + 0.1, options: Brief);
    }

    [Fact]
    public void Tables_that_nothing_standardises()
    {
        using var scope = NewDisposeScope();
        var x = torch.randn(300, 3) * torch.tensor(new[] { 1e-3f, 1, 1e6f });
        var result = Trainer.Fit(Architectures.RealNvp(3, 2, [4]), x, options: Brief);
        var remark = Assert.Single(result.Remarks);
        foreach (var part in new[] { "column 0", "column 2", "Architectures.Tabular(data)",
            "Standardize.Fit" }) Assert.Contains(part, remark);
        Assert.Contains(remark, result.ToString());
        Assert.Empty(Trainer.Fit(Architectures.Tabular(x, layers: 1), x, options: Brief).Remarks);
        Assert.Empty(Trainer.Fit(Architectures.Residual(3, 1, [4]), x, options: Brief).Remarks);
        Assert.Empty(Trainer.Fit(Architectures.RealNvp(3, 2, [4]), torch.randn(300, 3), options: Brief).Remarks);
    }

    [Fact]
    public void Columns_on_which_a_density_runs_away()
    {
        using var scope = NewDisposeScope();
        var x = torch.randn(300, 2);
        x[.., 1] = torch.randint(0, 12, [300]).to(float32);
        var flow = Architectures.RealNvp(2, 2, [4]);
        var remark = Assert.Single(Trainer.Fit(flow, x, options: Brief).Remarks);
        foreach (var part in new[] { "Column 1", "12 different whole numbers", "equantise", "DataNoise" }) Assert.Contains(part,
            remark);
        Assert.Empty(Trainer.Fit(flow, x, options: Brief with { DataNoise = 0.3 }).Remarks);
        x[.., 1] /= 10;
        Assert.Contains("12 different values", Assert.Single(Trainer.Fit(flow, x, options: Brief).Remarks));
        x[.., 1] = 0.5;
        Assert.Contains("Column 1 does not vary", Assert.Single(Trainer.Fit(flow, x, options: Brief).Remarks));
        // Images as floats that are the levels themselves, divided: no noise between them.
        var images = torch.randint(0, 4, [30, 1, 8, 8]).to(float32) / 4;
        Assert.Contains("The events hold 4 different values", Assert.Single(Trainer.Fit(Images("nice"), images,
            options: Brief).Remarks));
    }

    [Fact]
    public void A_run_that_diverges_over_such_data_says_so()
    {
        using var scope = NewDisposeScope();
        var x = torch.randn(300, 2) * torch.tensor(new[] { 1f, 1e19f });
        var error = Assert.Throws<TrainingDivergedException>(() => Trainer.Fit(Architectures.RealNvp(2, 2, [4]), x,
            options: Brief));
        Assert.Contains("Architectures.Tabular(data)", error.Message);
        Assert.DoesNotContain("learning rate", error.Message);
    }

    [Fact]
    public void Scales_that_an_image_cannot_have()
    {
        Says(() => Architectures.Glow([1, 28, 28], scales: 4), "scales", "28 x 28", "2 times, to 7 x 7", "at most 2",
            "4 were wanted");
        Says(() => Architectures.SplineImages([3, 8, 12], scales: 3), "scales", "at most 2");
        Says(() => Architectures.RealNvpImages([1, 8, 8], scales: 5), "scales", "at most 3");
        Says(() => Architectures.RealNvpImages([1, 8, 8], scales: 4, squeezeLast: true), "scales", "at most 3");
        Says(() => Architectures.Glow([1, 7, 7]), "imageShape", "7 x 7", "pad");
        Says(() => Architectures.Glow([1, 32, 32], scales: 0), "scales", "at least one");
        using var scope = NewDisposeScope();
        Assert.Equal(784, Architectures.Glow([1, 28, 28], scales: 2, steps: 1, width: 4).Dimension);
        foreach (var (squeezeLast, most) in new[] { (false, 3), (true, 3) })
            Architectures.RealNvpImages([1, 8, 8], scales: most, width: 2, blocks: 0,
                squeezeLast: squeezeLast).LogProb(torch.rand(1, 1, 8, 8));
    }

    [Fact]
    public void One_feature_where_halves_need_two()
    {
        using var scope = NewDisposeScope();
        foreach (var build in new Action[] { () => Architectures.RealNvp(1), () => Architectures.Nice(1),
            () => Architectures.NeuralSpline(1), () => Architectures.Tabular(1) })
            Says(build, "dim", "at least 2", "Maf", "Gaussianization", "take one");
        Says(() => Architectures.Tabular(torch.randn(30, 1)), "data", "at least 2", "take one");
        // And they do.
        var x = torch.randn(30, 1);
        foreach (var flow in new[] { Architectures.Maf(1), Architectures.Naf(1), Architectures.Gaussianization(1),
            Architectures.Ffjord(1, [4]), Architectures.Residual(1, 2, [4]), Architectures.Planar(1), Architectures.Radial(1),
            Architectures.Sylvester(1) })
            Trainer.Fit(flow, x, options: Brief);
        Says(() => Trainer.Fit(Architectures.Maf(1), torch.randn(30)), "train", "unsqueeze(1)");
    }

    [Fact]
    public void Contexts()
    {
        using var scope = NewDisposeScope();
        var flow = Architectures.RealNvp(2, 2, [4], contextSize: 3);
        var (x, c) = (torch.randn(30, 2), torch.randn(30, 3));
        Says(() => Trainer.Fit(flow, x, options: Brief, trainContext: c, heldOutContext: c), "heldOutContext",
            "no held-out data");
        Says(() => Trainer.Fit(flow, x, options: Brief), "trainContext", "none was given");
        Says(() => Trainer.Fit(flow, x, x, Brief, c), "heldOutContext", "none was given");
        Says(() => Trainer.Fit(flow, x, x, Brief, c, c[..5]), "heldOutContext", "[30, 3]", "[5, 3]");
        Says(() => flow.Sample(100, c[..1]), "context", "[100, 3]", "context.expand(100, -1)");
        Says(() => flow.Sample(100, c[0]), "context", "context.unsqueeze(0).expand(100, -1)");
        Says(() => flow.LogProb(x, c[..1]), "context", "context.expand(30, -1)");
        Assert.Equal([100, 2], flow.Sample(100, c[..1].expand(100, -1)).shape);
        Assert.Equal([7, 2], flow.Sample(7, c[0].unsqueeze(0).expand(7, -1)).shape);
        var one = Architectures.RealNvp(2, 2, [4], contextSize: 1);
        Says(() => one.LogProb(x, torch.randn(30)), "context", "context.unsqueeze(1)");
    }

    [Fact]
    public void Training_inside_inference_mode()
    {
        using var scope = NewDisposeScope();
        var flow = Architectures.RealNvp(2, 2, [4]);
        using var inference = torch.inference_mode();
        Assert.Contains("inference_mode", Assert.Throws<InvalidOperationException>(() => Trainer.Fit(flow,
            Toys.Moons(30))).Message);
        Assert.Contains("inference_mode", Assert.Throws<InvalidOperationException>(() =>
            Trainer.FitReverse(flow, x => x.square().sum(1L))).Message);
    }

    [Fact]
    public void Half_precision_where_an_operator_has_none()
    {
        using var scope = NewDisposeScope();
        foreach (var dtype in new[] { float16, bfloat16 })
        {
            var flow = Architectures.Tabular(2, layers: 2).to(dtype);
            var error = Record.Exception(() => flow.Sample(4));
            if (error is null) continue;   // this torch has them all
            var said = Assert.IsType<NotSupportedException>(error).Message;
            Assert.Contains($"{dtype}", said);
            Assert.Contains("model.to(torch.float32)", said);
        }
    }

    [Fact]
    public void Shapes_that_lack_a_dimension_and_parts_of_different_precision()
    {
        using var scope = NewDisposeScope();
        Says(() => Images("nice").LogProb(torch.rand(5, 8, 8)), "x", "[5, 8, 8]", "x.unsqueeze(1)");
        Says(() => Images("nice").LogProb(torch.rand(5, 8, 8, 1)), "x", "x.permute(0, 3, 1, 2)");
        Says(() => Architectures.RealNvp(3, 2, [4]).LogProb(torch.zeros(3)), "x", "x.unsqueeze(0)");
        var data = torch.randn(30, 2, float64);
        var mixed = new Flow(new Chain([Standardize.Fit(data), .. ((Chain)Architectures.RealNvp(2, 2, [4]).Bijection).Layers]));
        var said = Assert.Throws<ArgumentException>(() => mixed.LogProb(data)).Message;
        foreach (var part in new[] { "Float64", "Float32", "model.to(torch.float32)" }) Assert.Contains(part, said);
        Trainer.Fit(mixed.to(float32), data, options: Brief);
    }

    [Fact]
    public void Tolerances()
    {
        using var scope = NewDisposeScope();
        Says(() => Architectures.Ffjord(2, options: new() { AbsoluteTolerance = -1 }), "options", "AbsoluteTolerance", "-1");
        Says(() => Architectures.Ffjord(2, options: new() { RelativeTolerance = double.NaN }), "options", "RelativeTolerance",
            "NaN");
        Says(() => Architectures.Ffjord(2, options: new() { Steps = 0 }), "options", "Steps");
        Says(() => OdeSolver.Solve((_, y) => y, [torch.ones(1)], 0, 1, new() { AbsoluteTolerance = 0 }), "options",
            "AbsoluteTolerance");
        Says(() => GaussianMixture.Fit(torch.randn(50, 2), 2, new() { Tolerance = -1 }), "options", "Tolerance", "-1");
        Says(() => Trainer.Fit(Architectures.RealNvp2D(), Toys.Moons(9), options: new() { LearningRate = -1 }), "LearningRate",
            "-1");
        Says(() => Trainer.Fit(Architectures.RealNvp2D(), Toys.Moons(9), options: new() { DataNoise = double.NaN }), "DataNoise");
    }

    private static void Says(Action action, string argument, params string[] parts)
    {
        var error = Assert.ThrowsAny<ArgumentException>(action);
        foreach (var part in parts) Assert.Contains(part, error.Message);
        Assert.Equal(argument, error.ParamName);
    }
}
