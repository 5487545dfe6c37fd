using RealNvp.Flows.Bijections;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Chapters.Tests;

public sealed class OldFaithfulTests(ITestOutputHelper output)
{
    [Fact]
    public void The_data_are_the_272_eruptions()
    {
        using var scope = NewDisposeScope();
        var x = Datasets.OldFaithful(torch.float64);
        Assert.Equal([272, 2], x.shape);
        Assert.Equal(3.4878, x.mean([0])[0].ToDouble(), 4);
        Assert.Equal(70.8971, x.mean([0])[1].ToDouble(), 4);
    }

    [Fact]
    public void Real_nvp_beats_a_gaussian_and_keeps_up_with_a_mixture_over_five_folds()
    {
        using var scope = NewDisposeScope();
        var data = Datasets.OldFaithful();
        var (gaussian, mixture, flow) = (0.0, 0.0, 0.0);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        foreach (var (trainRaw, testRaw) in Splits.KFold(data, 5, seed: 0))
        {
            var standardize = Standardize.Fit(trainRaw);
            var (train, test) = (standardize.Forward(trainRaw).Z, standardize.Forward(testRaw).Z);
            gaussian += Trainer.MeanLogProb(Gaussian.Fit(train), test) / 5;
            mixture += Trainer.MeanLogProb(GaussianMixture.Fit(train, 2), test) / 5;
            torch.manual_seed(1);
            var (fit, heldOut) = Splits.TrainHeldOut(train, 0.2, seed: 0);
            var model = Architectures.RealNvp2D();
            var result = Trainer.Fit(model, fit, heldOut, TrainingOptions.SmallData);
            flow += Trainer.MeanLogProb(model, test) / 5;
            output.WriteLine($"{result}  test {Trainer.MeanLogProb(model, test):f3}");
        }
        output.WriteLine($"Gaussian {gaussian:f3}, mixture of two {mixture:f3}, Real NVP {flow:f3} nats; "
            + $"{clock.Elapsed.TotalSeconds:f1} s");
        Assert.True(flow >= gaussian + 0.3, $"Real NVP {flow:f3} against a Gaussian's {gaussian:f3}");
        Assert.True(flow >= mixture - 0.1, $"Real NVP {flow:f3} against a mixture's {mixture:f3}");
    }
}
