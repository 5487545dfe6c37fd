using RealNvp.Flows.Bijections;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;
using Ready = RealNvp.Flows.Models.Flows;

namespace RealNvp.Flows.Tests.Training;

/// <summary>Training on a GPU, its steps captured as a graph and not. These need a GPU that this libtorch can use, and are skipped where there is none.</summary>
public class CudaTrainingTests
{
    private const string NeedsGpu = "needs a GPU that this libtorch can use";

    private static readonly TrainingOptions Images = new()
    {
        Steps = 60,
        BatchSize = 64,
        Levels = 17,
        FlipHorizontally = true,
        EmaDecay = 0.99,
        ClipGradient = 50,
        WeightDecay = 1e-4,
        LogEvery = 20,
    };

    [SkippableTheory]
    [InlineData("realnvp")]
    [InlineData("glow")]
    [InlineData("spline")]
    [InlineData("nice")]
    public void Captured_steps_train_as_those_that_are_not(string kind)
    {
        Skip.IfNot(cuda.is_available(), NeedsGpu);
        using var scope = NewDisposeScope();
        var images = Datasets.Digits().Images;
        (Flow Flow, TrainingResult Result) Run(bool capture)
        {
            torch.manual_seed(5);
            var flow = new ImageModel(kind, [1, 8, 8], 17, 8, 1).Build();
            flow.to(CUDA);
            return (flow, Trainer.Fit(flow, images, options: Images with { CaptureGraph = capture }));
        }

        var (eager, plain) = Run(false);
        var (replayed, captured) = Run(true);
        Assert.Equal(0, plain.ReplayedSteps);
        Assert.Equal(CudaGraphs.Capturing is null, captured.CaptureRefusal is not null);
        Assert.Equal(CudaGraphs.Capturing is null ? 0 : Images.Steps - 3, captured.ReplayedSteps);
        // The same kernels in the same order; what differs is only what atomics leave open.
        foreach (var ((name, p), (_, q)) in eager.named_parameters().Zip(replayed.named_parameters()))
            Assert.True(p.allclose(q, 1e-3, 1e-4), $"{name} differs by {(p - q).abs().max().ToDouble()}");
    }

    [SkippableFact]
    public void A_model_that_decides_by_values_is_trained_without_capture()
    {
        Skip.IfNot(cuda.is_available(), NeedsGpu);
        using var scope = NewDisposeScope();
        var flow = Ready.Planar(2, 2, forSampling: true);   // its density finds roots to a tolerance
        flow.to(CUDA);
        var result = Trainer.Fit(flow, Toys.Moons(256), options: new() { Steps = 10, BatchSize = 64, CaptureGraph = true });
        Assert.Equal((10L, 0L), (result.Steps, result.ReplayedSteps));
        Assert.All(flow.parameters(), p => Assert.True(p.isfinite().all().ToBoolean()));
    }

    [SkippableFact]
    public void A_loss_that_is_not_finite_is_named_with_its_step_in_a_captured_run_too()
    {
        Skip.IfNot(cuda.is_available(), NeedsGpu);
        using var scope = NewDisposeScope();
        torch.manual_seed(5);
        var flow = Ready.RealNvp2D(4, [16]);
        flow.to(CUDA);
        var error = Assert.Throws<TrainingDivergedException>(() =>
            Trainer.Fit(flow, Toys.Moons(256), options: new() { Steps = 500, BatchSize = 64, LearningRate = 1e18, ClipGradient = null, LogEvery = 10, CaptureGraph = true }));
        Assert.InRange(error.Step, 2, 500);
        Assert.All(flow.parameters(), p => Assert.True(p.isfinite().all().ToBoolean()));
    }

    [SkippableFact]
    public void Samples_and_densities_stay_on_the_models_device()
    {
        Skip.IfNot(cuda.is_available(), NeedsGpu);
        using var scope = NewDisposeScope();
        var flow = Ready.MultiScale([1, 8, 8], width: 4, blocks: 1);
        flow.to(CUDA);
        flow.eval();
        var (x, logProb) = flow.SampleWithLogProb(8);
        Assert.Equal((DeviceType.CUDA, DeviceType.CUDA), (x.device_type, logProb.device_type));
        // Inverse and density in float32: the same point's density both ways.
        Assert.True(logProb.allclose(flow.LogProb(x), 1e-3, 1e-2));
    }
}
