using RealNvp.Flows.Bijections;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Numerics;
using RealNvp.Flows.Training;
using RealNvp.Flows.Transformers;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Training;

/// <summary>Weights are of one model: another one, whose parameters have the same names and shapes, refuses them.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, (Func<nn.Module> Saved, Func<nn.Module> Other, string[] Words)> Pairs = new()
    {
        ["order of an autoregressive network"] = (() => Autoregressive([0, 1, 2]), () => Autoregressive([2, 0, 1]),
            ["Order", "[2, 0, 1] in this model", "[0, 1, 2] in the file"]),
        ["partition"] = (() => Over(Partition.FromIndices(5, 0, 1, 4)), () => Over(Partition.FromIndices(5, 0, 3, 4)), ["Kept"]),
        ["permutation"] = (() => Two(new Permute([2, 0, 1])), () => Two(new Permute([1, 2, 0])), ["Order", "Permute"]),
        ["bound of a spline"] = (() => Architectures.NeuralSpline(2, bound: 4), () => Architectures.NeuralSpline(2, bound: 6),
            ["bound", "is 6 in this model and 4 in the file"]),
        ["order of scale and shift"] = (() => Affine(AffineOrder.ScaleThenShift), () => Affine(AffineOrder.ShiftThenScale),
            ["Order"]),
        ["bound of the log-scale"] = (() => Affine(bound: 1), () => Affine(bound: 3), ["bound", "3", "1"]),
        ["alpha of the logit"] = (() => Two(new Logit(0.05)), () => Two(new Logit(0.01)), ["alpha"]),
        ["slope of the leaky ReLU"] = (() => Two(new LeakyRelu(0.2)), () => Two(new LeakyRelu(0.3)), ["slope"]),
        ["activation"] = (() => Architectures.RealNvp(2, activation: Activation.Relu),
            () => Architectures.RealNvp(2, activation: Activation.Tanh), ["activation"]),
        ["layer without parameters"] = (() => Two(new Tanh()), () => Two(new Softplus()), ["Softplus", "Tanh"]),
        ["one layer more"] = (() => Two(new Tanh()), () => new Chain(new Scaling(3), new Tanh(), new Invert(new Tanh())),
            ["Invert", "the file's has none"]),
        ["colour of a checkerboard"] = (() => Board(false), () => Board(true), ["Swapped"]),
        ["order of a squeeze"] = (() => Two(new Squeeze(1, 4, 4, SqueezeOrder.Plain)),
            () => Two(new Squeeze(1, 4, 4, SqueezeOrder.Checkerboard)), ["order"]),
        ["bounds of a uniform base"] = (() => new Flow(new Permute([1, 0]), new Uniform(0, 1, 2)),
            () => new Flow(new Permute([1, 0]), new Uniform(0, 2, 2)), ["high"]),
    };

    public static TheoryData<string> Names => [.. Pairs.Keys];

    [Theory, MemberData(nameof(Names))]
    public void A_file_of_another_model_is_refused_and_the_setting_is_named(string name)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var (saved, other, words) = Pairs[name];
        var model = other();
        Weights.Save(saved(), folder["w.safetensors"]);
        var before = model.state_dict().ToDictionary(p => p.Key, p => p.Value.clone());
        var error = Assert.Throws<ArgumentException>(() => Weights.Load(model, folder["w.safetensors"]));
        Assert.All(words, word => Assert.Contains(word, error.Message));
        Assert.All(model.state_dict(), p => Assert.True(p.Value.Equals(before[p.Key])));
        Weights.Load(saved(), folder["w.safetensors"]);
    }

    [Theory, MemberData(nameof(BijectionTable.Names), MemberType = typeof(BijectionTable))]
    public void Every_bijections_file_is_its_own(string name)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var row = BijectionTable.Row(name);
        Weights.Save(row.Build(), folder["w.safetensors"]);
        Weights.Load(row.Build(), folder["w.safetensors"]);
    }

    [Fact]
    public void How_a_map_is_computed_is_no_part_of_which_map_it_is()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        Weights.Save(new ContinuousFlow(new MlpField(2, 8), TraceMethod.Exact), folder["w.safetensors"]);
        Weights.Load(new ContinuousFlow(new MlpField(2, 8), TraceMethod.Rademacher, new OdeOptions { RelativeTolerance = 1e-3 }),
            folder["w.safetensors"]);
    }

    [Fact]
    public void A_file_that_does_not_say_what_it_is_of_is_held_against_names_and_shapes()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        Safetensors.Save(folder["w.safetensors"], Affine(bound: 1).state_dict());
        Weights.Load(Affine(bound: 3), folder["w.safetensors"]);
    }

    [Fact]
    public void A_run_is_resumed_with_its_own_model_only()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var options = new TrainingOptions { Steps = 4, Checkpoint = folder["c.safetensors"], Resume = true };
        var data = Toys.Moons(64);
        Trainer.Fit(Architectures.RealNvp(2, 2, [8], logScaleBound: 1), data, options: options);
        var error = Assert.Throws<ArgumentException>(() =>
            Trainer.Fit(Architectures.RealNvp(2, 2, [8], logScaleBound: 2), data, options: options with { Steps = 8 }));
        Assert.Contains("bound", error.Message);
    }

    [Fact]
    public void Of_a_training_runs_checkpoint_the_best_weights_are_taken()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var (flow, other) = (Architectures.RealNvp(2, 2, [8]), Architectures.RealNvp(2, 2, [8]));
        var data = Toys.Moons(128);
        // A rate that is too high: the last parameters are not the best ones, which Fit puts back.
        Trainer.Fit(flow, data, data,
            new() { Steps = 40, LearningRate = 0.3, EvaluateEvery = 5, Checkpoint = folder["c.safetensors"] });
        Weights.Load(other, folder["c.safetensors"]);
        Assert.All(flow.state_dict(), p => Assert.True(p.Value.Equals(other.state_dict()[p.Key]), p.Key));
    }

    [Fact]
    public void What_was_disposed_says_so_and_spoils_no_file()
    {
        using var folder = new TemporaryFolder();
        var flow = Architectures.RealNvp2D(2, [8]);
        var layer = flow.Bijection;
        Weights.Save(flow, folder["w.safetensors"]);
        var before = File.ReadAllBytes(folder["w.safetensors"]);
        flow.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Weights.Save(flow, folder["w.safetensors"]));
        Assert.Throws<ObjectDisposedException>(() => Weights.Save(layer, folder["w.safetensors"]));
        Assert.Equal(before, File.ReadAllBytes(folder["w.safetensors"]));
        Assert.Throws<ObjectDisposedException>(() => Weights.Load(flow, folder["w.safetensors"]));
        Assert.Throws<ObjectDisposedException>(() => flow.LogProb(randn(2, 2)));
        Assert.Throws<ObjectDisposedException>(() => flow.Sample(2));
        Assert.Throws<ObjectDisposedException>(() => layer.Inverse(randn(2, 2)));
        Assert.Contains("disposed", Assert.Throws<ObjectDisposedException>(() => Trainer.Fit(flow, randn(8, 2))).Message);
    }

    private static Flow Autoregressive(int[] order) =>
        new(new MaskedAutoregressive(new AffineTransformer(), new Made(3, 2, [8], order: order)));

    private static Flow Over(Partition partition) =>
        new(new Coupling(partition, new AffineTransformer(), (inputs, outputs) => new Mlp(inputs, outputs, [8])));

    private static Flow Affine(AffineOrder order = AffineOrder.ScaleThenShift, double bound = 1) =>
        new(new Coupling(Partition.Halves(2), new AffineTransformer(order, bound), (i, o) => new Mlp(i, o, [8])));

    private static Chain Two(Bijection f) =>
        f.EventShape is { Length: 3 } ? new(f, new Scaling(f.LatentShape!)) : new(new Scaling(3), f);

    private static CheckerboardCoupling Board(bool swapped) =>
        new(1, 4, 4, new AffineTransformer(), new ConvConditioner(1, 2), swapped);
}
