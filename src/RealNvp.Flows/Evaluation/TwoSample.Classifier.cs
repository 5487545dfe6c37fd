using RealNvp.Flows.Networks;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace RealNvp.Flows.Evaluation;

/// <summary>What a classifier makes of two samples.</summary>
/// <param name="Accuracy">On events that it was not trained on: one half where the samples cannot be told apart.</param>
/// <param name="PValue">Of an accuracy so high or higher, were there no difference.</param>
/// <param name="Count">Events that the accuracy is from.</param>
public sealed record ClassifierTestResult(double Accuracy, double PValue, long Count);

public static partial class TwoSample
{
    /// <summary>
    /// The classifier two-sample test: a small network learns on one half of both samples to tell them apart, and its accuracy t
    /// on the other half is close to N(1/2, 1/(4 n)) where the distributions agree (Lopez-Paz, Oquab 2017, arXiv:1610.06545,
    /// section 3). Unlike distances it scales to many dimensions, where it finds what a network can find.
    /// </summary>
    /// <param name="x">A sample [n, d].</param>
    /// <param name="y">A sample [m, d]; the larger sample is cut to the smaller one's size.</param>
    /// <param name="hidden">Widths of the network's hidden layers; null is [64].</param>
    /// <param name="steps">Updates.</param>
    /// <param name="seed">Determines split, weights and order. Torch's global generator is left as it was.</param>
    /// <exception cref="ArgumentException">The samples are not [n, d] and [m, d], or have fewer than 20 events.</exception>
    public static ClassifierTestResult ClassifierTest(Tensor x, Tensor y, int[]? hidden = null, int steps = 500, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        using var scope = NewDisposeScope();
        var (_, _) = Pool(x, y);
        var n = Math.Min(x.size(0), y.size(0));
        if (n < 20) throw new ArgumentException($"A classifier needs at least 20 events of each sample, but was given {n}.");
        var state = torch.get_rng_state();
        torch.manual_seed(seed);
        try
        {
            Tensor Half(Tensor sample, Tensor order, bool first) =>
                sample.detach().to(torch.float64)
                    .index_select(0, (first ? order.narrow(0, 0, n / 2) : order.narrow(0, n / 2, n - n / 2)).to(sample.device));
            var (orderX, orderY) = (torch.randperm(x.size(0)).narrow(0, 0, n), torch.randperm(y.size(0)).narrow(0, 0, n));
            var train = torch.cat([Half(x, orderX, true), Half(y, orderY, true)], 0);
            var test = torch.cat([Half(x, orderX, false), Half(y, orderY, false)], 0);
            var (mean, deviation) = (train.mean([0], keepdim: true), train.std(0, keepdim: true).clamp_min(1e-12));
            (train, test) = (((train - mean) / deviation).to(ScalarType.Float32),
                ((test - mean) / deviation).to(ScalarType.Float32));
            var (trainLabels, testLabels) = (Second(train), Second(test));
            using var network = new Mlp((int)x.size(1), 1, hidden ?? [64]);
            network.to(train.device);
            var batch = Math.Min(256, train.size(0));
            Trainer.Minimize(network, _ =>
            {
                var rows = torch.randint(0, train.size(0), [batch], ScalarType.Int64).to(train.device);
                return F.binary_cross_entropy_with_logits(network.call(train.index_select(0, rows), null).squeeze(1),
                    trainLabels.index_select(0, rows));
            }, new() { Steps = steps, LearningRate = 1e-2, WeightDecay = 1e-2 });
            using var guard = torch.no_grad();
            var right = network.call(test, null).squeeze(1).gt(0).eq(testLabels.gt(0)).to(torch.float64).mean().ToDouble();
            var count = test.size(0);
            return new(right, UpperTail((right - 0.5) * 2 * Math.Sqrt(count)), count);
        }
        finally
        {
            torch.set_rng_state(state);
        }
    }

    /// <summary>0 for the first half of the rows, 1 for the second.</summary>
    private static Tensor Second(Tensor rows) =>
        torch.arange(rows.size(0), device: rows.device).ge(rows.size(0) / 2).to(ScalarType.Float32);

    /// <summary>P(Z > z) for a standard normal Z.</summary>
    private static double UpperTail(double z)
    {
        using var scope = NewDisposeScope();
        return 0.5 * torch.special.erfc(torch.tensor(z / Math.Sqrt(2), dtype: torch.float64)).ToDouble();
    }
}
