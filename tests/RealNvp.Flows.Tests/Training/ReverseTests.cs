using RealNvp.Flows.Distributions;
using RealNvp.Flows.Inference;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Tests.Training;

public sealed class ReverseTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Where_the_model_is_the_target_path_gradients_are_zero_for_each_sample(bool path)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var flow = (Flow)Architectures.RealNvp(2, 3, [6]).to(float64);
        using (no_grad()) foreach (var p in flow.parameters()) p.add_(randn_like(p) * 0.3);
        var target = (Flow)Architectures.RealNvp(2, 3, [6]).to(float64);
        target.load_state_dict(flow.state_dict());
        var log = Trainer.FitReverse(flow, x => target.LogProb(x), new() { Steps = 1, LogEvery = 1, BatchSize = 64, LearningRate = 1e-9 },
            new() { PathGradients = path }).Log;
        Assert.Equal(path, log.Entries[0].GradientNorm < 1e-10);
        Assert.All(flow.parameters(), p => Assert.True(p.requires_grad));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(0.5, false)]
    public void Each_divergence_finds_a_normal_and_its_normaliser(double alpha, bool path)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var target = new Gaussian(tensor(new[] { 1f, -1f }), tensor(new[,] { { 1f, 0.4f }, { 0.4f, 0.5f } }));
        var flow = Architectures.RealNvp2D(4, [16]);
        Trainer.FitReverse(flow, x => target.LogProb(x) + Math.Log(7),
            new() { Steps = 400, LearningRate = 1e-2, BatchSize = 256 }, new() { Alpha = alpha, PathGradients = path });
        var sample = ImportanceSample.Draw(flow, x => target.LogProb(x) + Math.Log(7), 5000);
        Assert.Equal(Math.Log(7), sample.LogNormalizer, 0.03);
        Assert.True(sample.EffectiveSampleSize > 4500, sample.ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.5)]
    [InlineData(-1)]
    public void The_loss_is_renyis_divergence_of_two_normals(double alpha)
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        // Of a flow that starts as N(0, I) and N(m, I) it is alpha |m|^2 / 2, in closed form.
        var m = tensor(new[] { 0.4, -0.3 });
        var flow = (Flow)Architectures.RealNvp2D(2, [4]).to(float64);
        const int Draws = 200_000;
        var first = Trainer.FitReverse(flow, x => (x - m).square().sum(1L) * -0.5 - Math.Log(2 * Math.PI),
            new() { Steps = 1, LogEvery = 1, BatchSize = Draws, LearningRate = 1e-9 }, new() { Alpha = alpha }).Log.Entries[0];
        // The weights (p / q)^(1 - alpha) have the variance exp((1 - alpha)^2 |m|^2) - 1; that of log(q / p) is |m|^2.
        var deviation = alpha == 1 ? 0.5 : Math.Sqrt(Math.Exp(Math.Pow(1 - alpha, 2) * 0.25) - 1) / (1 - alpha);
        Assert.Equal(alpha * 0.25 / 2, first.TrainLoss, 5 * deviation / Math.Sqrt(Draws));
    }

    [Fact]
    public void A_tempered_run_rises_from_the_first_inverse_temperature_to_the_density_itself()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var m = tensor(new[] { 0.4, -0.3 });
        var flow = (Flow)Architectures.RealNvp2D(2, [4]).to(float64);   // the identity on the standard normal
        const int Draws = 50_000;
        var log = Trainer.FitReverse(flow, x => (x - m).square().sum(1L) * -0.5 - Math.Log(2 * Math.PI),
            new() { Steps = 10, LogEvery = 1, BatchSize = Draws, LearningRate = 1e-9 },
            new() { StartInverseTemperature = 0.05, TemperedPart = 0.5 }).Log.Entries;
        double[] rising = [0.05, 0.24, 0.43, 0.62, 0.81, 1, 1, 1, 1, 1];
        foreach (var (entry, b) in log.Zip(rising))
            // E log q - b E log p; log q - b log p has a variance of (1 - b)^2 + b^2 |m|^2, at most 1.
            Assert.Equal(-Math.Log(2 * Math.PI) - 1 + b * (1 + 0.25 / 2 + Math.Log(2 * Math.PI)), entry.TrainLoss,
                5 / Math.Sqrt(Draws));
        Assert.Equal(10, log.Count);
    }

    [Fact]
    public void Senseless_settings_are_named()
    {
        using var scope = NewDisposeScope();
        var flow = Architectures.RealNvp2D(2, [4]);
        string Refused(ReverseOptions options) => Assert.Throws<ArgumentException>(() =>
            Trainer.FitReverse(flow, x => x.sum(1L), new() { Steps = 1 }, options)).Message;
        Assert.Contains("Alpha is at most 1", Refused(new() { Alpha = 2 }));
        Assert.Contains("Alpha is at most 1", Refused(new() { Alpha = double.NaN }));
        Assert.Contains("Alpha is 1 with path", Refused(new() { Alpha = 0.5, PathGradients = true }));
        Assert.Contains("StartInverseTemperature", Refused(new() { StartInverseTemperature = 0 }));
        Assert.Contains("TemperedPart", Refused(new() { TemperedPart = 1.5 }));
        Assert.Contains("one value for each event", Assert.Throws<ArgumentException>(() =>
            Trainer.FitReverse(flow, x => x, new() { Steps = 1 })).Message);
    }
}
