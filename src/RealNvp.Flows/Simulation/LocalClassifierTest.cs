using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace RealNvp.Flows.Simulation;

/// <summary>What the local test says of one observation.</summary>
/// <param name="Statistic">The mean of (d(theta, x) - 1/2)^2 over draws theta of the posterior; 0 where it is right.</param>
/// <param name="PValue">The part of statistics as large among classifiers that learned shuffled labels.</param>
/// <param name="Theta">The posterior's draws, [n, D].</param>
/// <param name="Probability">d at each: that it is a draw of the posterior and no true parameter, [n]. Above one half the
/// posterior has too much mass there, below it too little.</param>
public sealed record LocalClassifierResult(double Statistic, double PValue, Tensor Theta, Tensor Probability);

/// <summary>
/// The local classifier two-sample test: a classifier d learns on pairs to tell (theta, x) of the simulator from (theta', x) with
/// theta' from the posterior of the same x; where it cannot at one observation, the posterior is right there, and not just on
/// average (l-C2ST; Linhart, Gramfort, Rodrigues 2023, arXiv:2306.03580).
/// </summary>
/// <remarks>Every classifier of shuffled labels is trained beside the true one, on the same batches.</remarks>
public sealed class LocalClassifierTest : nn.Module
{
    private readonly ParallelMlps networks;   // the first of the true labels
    private readonly Standardize standardize;
    private readonly Func<Distribution> posterior;   // the caller's: a field of its own type would be disposed with this
    private readonly long[] dataShape;

    private LocalClassifierTest(Distribution posterior, long[] dataShape, Standardize standardize, ParallelMlps networks)
        : base(nameof(LocalClassifierTest))
    {
        this.posterior = () => posterior;
        (this.dataShape, this.standardize, this.networks) = (dataShape, standardize, networks);
        RegisterComponents();
    }

    /// <summary>Trains the classifiers.</summary>
    /// <param name="posterior">A density of [D] whose contexts are data; it has to outlive the test.</param>
    /// <param name="pairs">Pairs that the posterior was not fitted to.</param>
    /// <param name="shuffles">Classifiers of shuffled labels; the least p-value is 1 / (shuffles + 1).</param>
    /// <param name="hidden">Widths of the hidden layers; null is [64, 64].</param>
    /// <param name="steps">Updates.</param>
    /// <param name="seed">Determines draws, labels, weights and order. Torch's global generator is left as it was.</param>
    /// <exception cref="ArgumentException">The posterior does not fit the pairs, there are fewer than 100 pairs, or a number is
    /// below 1.</exception>
    public static LocalClassifierTest Fit(Distribution posterior, Simulations pairs, int shuffles = 50, int[]? hidden = null,
        int steps = 1500, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shuffles);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        if (pairs.Count < 100)
            throw new ArgumentException($"The classifiers need at least 100 pairs, but were given {pairs.Count}.", nameof(pairs));
        using var scope = NewDisposeScope();
        using var random = new TorchSeed(seed);
        var drawn = PosteriorCalibration.Draw(posterior, pairs, 1, null).squeeze(0).to(float32);
        var x = pairs.X.flatten(1).to(float32);
        var rows = torch.cat([torch.cat([pairs.Theta.to(float32), x], 1), torch.cat([drawn, x], 1)], 0);
        var (n, mean) = (rows.size(0), rows.mean([0]));
        var scale = rows.std(0L);
        var standardize = new Standardize(mean, torch.where(scale.gt(0), scale, torch.ones_like(scale)));
        var seen = standardize.Forward(rows).Z;
        var labels = torch.arange(n).ge(n / 2).to(float32);
        var all = torch.stack([labels, .. Enumerable.Range(0, shuffles).Select(_ =>
            labels.index_select(0, torch.randperm(n)))], 0);
        var networks = new ParallelMlps(shuffles + 1, (int)rows.size(1), hidden ?? [64, 64]);
        var batch = Math.Min(256, n);
        Trainer.Minimize(networks, _ =>
        {
            var taken = torch.randint(0, n, [batch], ScalarType.Int64);
            return F.binary_cross_entropy_with_logits(networks.call(seen.index_select(0, taken)), all.index_select(1, taken),
                reduction: nn.Reduction.None).mean([1]).sum();
        }, new() { Steps = steps, LearningRate = 2e-3, WeightDecay = 1e-2, ClipGradient = null, LogEvery = long.MaxValue });
        return new(posterior, pairs.X.shape[1..], standardize, networks);
    }

    /// <summary>Tests the posterior of one observation.</summary>
    /// <param name="x">The observation, of the shape of one row of the simulated data, or a batch of one.</param>
    /// <param name="draws">Draws of its posterior.</param>
    /// <param name="generator">Source of randomness; null is torch's global one.</param>
    /// <exception cref="ArgumentException">x has another shape, or a value is not finite.</exception>
    public LocalClassifierResult At(Tensor x, int draws = 1000, Generator? generator = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(draws);
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var given = NeuralPosterior.Observed(x, dataShape).to(float32).reshape(1, -1).expand(draws, -1);
        var theta = posterior().Sample(draws, given, generator).to(float32);
        var d = networks.call(standardize.Forward(torch.cat([theta, given], 1)).Z).sigmoid();
        var statistics = (d - 0.5).square().mean([1]).data<float>().ToArray();
        var beyond = statistics.Skip(1).Count(statistic => statistic >= statistics[0]);
        var probability = d[0].clone();
        scope.MoveToOuter(theta, probability);
        return new(statistics[0], (beyond + 1.0) / statistics.Length, theta, probability);
    }
}
