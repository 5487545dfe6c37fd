using RealNvp.Flows.Distributions;
using RealNvp.Flows.Numerics;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;
using Ready = RealNvp.Flows.Models.Flows;

namespace StandInGpu.Tests;

/// <summary>
/// Training there: captured steps, steps that are not captured, and the CPU's own, whose loop is another, end in the same parameters. A number of the host that
/// a capture had fixed, or memory that it does not keep, would show.
/// </summary>
public sealed class CapturedTrainingTests
{
    private const long N = 48;
    private const int Steps = 12;

    private static readonly Dictionary<string, Func<Flow>> Models = new()
    {
        ["real nvp"] = () => Ready.RealNvp(3, 4, [8]),
        ["real nvp given features"] = () => Ready.RealNvp(3, 4, [8], contextSize: 2),
        ["tabular"] = () => Ready.Tabular(3, 2, 8, 1, 4),
        ["nice"] = () => Ready.Nice(4, 4, [8]),
        ["neural spline"] = () => Ready.NeuralSpline(3, 2, [8], 4),
        ["maf"] = () => Ready.Maf(3, 2, [8]),
        ["iaf"] = () => Ready.Iaf(3, 1, [8]),
        ["naf"] = () => Ready.Naf(3, 1, [8]),
        ["planar"] = () => Ready.Planar(3, 4),
        ["radial"] = () => Ready.Radial(3, 4),
        ["sylvester"] = () => Ready.Sylvester(3, 2),
        ["ffjord, fixed steps"] = () => Ready.Ffjord(2, [8], options: new() { Method = OdeMethod.RungeKutta4, Steps = 4 }),
        ["images"] = () => Ready.MultiScale([1, 4, 4], scales: 2, width: 4, blocks: 1),
        ["images, learned priors, given an image"] = () => Ready.MultiScale([1, 4, 4], scales: 2, width: 4, blocks: 1, learnedPrior: true, contextShape: [2, 4, 4]),
        ["glow"] = () => Ready.Glow([1, 4, 4], scales: 2, steps: 2, width: 4),
        ["nice of images"] = () => Ready.NiceImages([1, 4, 4], width: 8, depth: 2),
        ["splines of images"] = () => Ready.SplineImages([1, 4, 4], scales: 1, steps: 2, width: 4),
    };

    private static readonly Dictionary<string, Func<Flow>> DecidingByValues = new()
    {
        ["gaussianization"] = () => Ready.Gaussianization(2, 1, 2),
        ["ffjord"] = () => Ready.Ffjord(2, [8]),
        ["residual"] = () => Ready.Residual(2, 1, [8]),
    };

    public static TheoryData<string> Names => [.. Models.Keys];

    public static TheoryData<string> NamesOfOthers => [.. DecidingByValues.Keys];

    private static (Dictionary<string, Tensor> Parameters, TrainingResult Result, double Held) Run(Func<Flow> make, Device device, bool capture)
    {
        torch.manual_seed(5);
        var flow = make();
        flow.to(torch.float64);
        var (data, held) = (torch.rand([N, .. flow.EventShape], torch.float64), torch.rand([N, .. flow.EventShape], torch.float64));
        Tensor? Contexts() => flow.ContextSize is { } size ? torch.randn([N, size], torch.float64) : null;
        var (context, heldContext) = (Contexts(), Contexts());
        flow.to(device);
        var options = new TrainingOptions
        {
            Steps = Steps,
            BatchSize = 16,
            LearningRate = 3e-3,
            ClipGradient = 2,
            WeightDecay = 1e-2,
            DataNoise = 1e-3,
            EmaDecay = 0.9,
            LogEvery = 5,
            EvaluateEvery = 6,
            CaptureGraph = capture,
        };
        var result = Trainer.Fit(flow, data, held, options, context, heldContext);
        var score = Trainer.MeanLogProb(flow, held.to(device), heldContext?.to(device));
        return (flow.state_dict().ToDictionary(p => p.Key, p => p.Value.detach().cpu()), result, score);
    }

    [SkippableTheory, MemberData(nameof(Names))]
    public void Captured_steps_and_steps_that_are_not_end_where_the_cpus_do(string name)
    {
        StandIn.Needed();
        using var scope = NewDisposeScope();
        var here = Run(Models[name], CPU, capture: false);
        foreach (var capture in new[] { false, true })
        {
            var there = Run(Models[name], CUDA, capture);
            Assert.Null(there.Result.CaptureRefusal);
            Assert.Equal(capture ? Steps - 3 : 0, there.Result.ReplayedSteps);
            Assert.True(Math.Abs(here.Held - there.Held) < 1e-8, $"captured: {capture}, held out {here.Held} and {there.Held}");
            Assert.Equal(here.Result.Log.Entries.Select(e => e.Step), there.Result.Log.Entries.Select(e => e.Step));
            // Sums of another order, by what twelve updates make of the last digit.
            foreach (var (key, value) in here.Parameters)
                Assert.True(value.allclose(there.Parameters[key], 1e-7, 1e-9), $"{key}, captured: {capture}, differs by {(value - there.Parameters[key]).abs().max().ToDouble()}");
        }
    }

    [SkippableTheory, MemberData(nameof(NamesOfOthers))]
    public void A_model_that_decides_by_values_is_trained_step_by_step(string name)
    {
        StandIn.Needed();
        using var scope = NewDisposeScope();
        var here = Run(DecidingByValues[name], CPU, capture: false);
        var there = Run(DecidingByValues[name], CUDA, capture: true);
        Assert.Equal(0, there.Result.ReplayedSteps);
        Assert.NotNull(there.Result.CaptureRefusal);
        Assert.Equal(here.Held, there.Held, 1e-6);
    }

    [SkippableFact]
    public void A_step_of_images_does_not_make_the_host_wait()
    {
        StandIn.Needed();
        using var scope = NewDisposeScope();
        torch.manual_seed(5);
        var flow = Ready.MultiScale([1, 8, 8], width: 4, blocks: 1);
        flow.to(CUDA);
        var images = torch.randint(0, 256, [64, 1, 8, 8], ScalarType.Byte);
        long before = 0, waits = 0;
        Trainer.Fit(flow, images, options: new()
        {
            Steps = 30,
            BatchSize = 16,
            Levels = 256,
            FlipHorizontally = true,
            EmaDecay = 0.99,
            LogEvery = 10,
            Progress = p =>
            {
                if (p.Step == 20) before = StandIn.Waits();
                if (p.Step == 30) waits = StandIn.Waits() - before;
            },
        });
        // Ten steps: one reading of their losses; and an order of the images for each of three epochs, drawn on the host.
        Assert.InRange(waits, 1, 4);
    }

    /// <summary>Small kernels are what bounds such a model's step on a GPU. This is the model of `docs/speed.md`; with plain operators for each weight's norm, gradient and average it would be 5,000.</summary>
    [SkippableFact]
    public void A_step_of_images_launches_at_most_2600_kernels()
    {
        StandIn.Needed();
        using var scope = NewDisposeScope();
        torch.manual_seed(5);
        var flow = Ready.MultiScale([1, 32, 32], scales: 3, width: 32, blocks: 2);
        flow.to(CUDA);
        List<long> launches = [];
        Trainer.Fit(flow, torch.randint(0, 256, [8, 1, 32, 32], ScalarType.Byte), options: new()
        {
            Steps = 3,
            BatchSize = 4,
            Levels = 256,
            EmaDecay = 0.99,
            LogEvery = 1,
            Progress = _ => launches.Add(StandIn.Launches()),
        });
        Assert.InRange(launches[2] - launches[1], 1000, 2600);
    }
}
