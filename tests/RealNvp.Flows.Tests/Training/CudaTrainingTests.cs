using RealNvp.Flows.Data;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Training;

/// <summary>Training on a GPU. These need a GPU that this libtorch can use, and are skipped where there is none.</summary>
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

    [Theory]
    [InlineData("realnvp")]
    [InlineData("glow")]
    [InlineData("spline")]
    [InlineData("nice")]
    public void A_model_of_images_trains(string kind)
    {
        Assert.SkipUnless(cuda.is_available(), NeedsGpu);
        using var scope = NewDisposeScope();
        torch.manual_seed(5);
        var flow = new ImageModel(kind, [1, 8, 8], 17, 8, 1).Build();
        flow.to(CUDA);
        var log = Trainer.Fit(flow, torch.randint(0, 17, [256, 1, 8, 8], ScalarType.Byte), options: Images).Log.Entries;
        Assert.True(log[^1].TrainLoss < log[0].TrainLoss);
        Assert.All(flow.parameters(), p => Assert.Equal(DeviceType.CUDA, p.device_type));
    }

    [Fact]
    public void A_loss_that_is_not_finite_is_named_with_its_step()
    {
        Assert.SkipUnless(cuda.is_available(), NeedsGpu);
        using var scope = NewDisposeScope();
        torch.manual_seed(5);
        var flow = Architectures.RealNvp2D(4, [16]);
        flow.to(CUDA);
        var error = Assert.Throws<TrainingDivergedException>(() =>
            Trainer.Fit(flow, Toys.Moons(256),
            options: new() { Steps = 500, BatchSize = 64, LearningRate = 1e18, ClipGradient = null, LogEvery = 10 }));
        Assert.InRange(error.Step, 2, 500);
    }

    [Fact]
    public void Samples_and_densities_stay_on_the_models_device()
    {
        Assert.SkipUnless(cuda.is_available(), NeedsGpu);
        using var scope = NewDisposeScope();
        var flow = Architectures.RealNvpImages([1, 8, 8], width: 4, blocks: 1);
        flow.to(CUDA);
        flow.eval();
        var (x, logProb) = flow.SampleWithLogProb(8);
        Assert.Equal((DeviceType.CUDA, DeviceType.CUDA), (x.device_type, logProb.device_type));
        // Inverse and density in float32: the same point's density both ways.
        Assert.True(logProb.allclose(flow.LogProb(x), 1e-3, 1e-2));
    }
}
