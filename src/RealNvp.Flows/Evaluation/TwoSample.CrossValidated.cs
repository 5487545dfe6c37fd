using RealNvp.Flows.Networks;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace RealNvp.Flows.Evaluation;

public static partial class TwoSample
{
    private const int ClassifierBatch = 200;
    private const int MostEpochs = 1000;
    private const int EpochsWithoutGain = 10;
    private const double Gain = 1e-4;

    /// <summary>
    /// The classifier two-sample score by cross-validation, as benchmarks of simulation-based inference measure it (C2ST;
    /// Lueckmann et al. 2021, arXiv:2101.04653, appendix A): features standardised by the first sample, perceptrons of two hidden
    /// layers of 10 d units, trained by Adam until the training loss has not fallen by 1e-4 for ten epochs, the accuracy on the
    /// fold left out averaged over folds. 0.5 where the samples cannot be told apart, 1 where they can.
    /// </summary>
    /// <param name="reference">A sample [n, d] of what is right.</param>
    /// <param name="y">The sample [m, d] to be judged.</param>
    /// <param name="folds">Parts, each left out once.</param>
    /// <param name="hidden">Widths of the hidden layers; null is [10 d, 10 d].</param>
    /// <param name="seed">Determines folds, weights and order. Torch's global generator is left as it was.</param>
    /// <exception cref="ArgumentException">The samples are not [n, d] and [m, d], or have fewer events than folds.</exception>
    public static ClassifierTestResult CrossValidatedClassifierTest(Tensor reference, Tensor y, int folds = 5,
        int[]? hidden = null, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        using var scope = NewDisposeScope();
        ArgumentNullException.ThrowIfNull(reference);
        Data.Finite.Require(reference, nameof(reference));
        var (n, pooled) = Pool(reference, y);
        if (pooled.size(0) < 10L * folds)
            throw new ArgumentException($"{folds} folds need at least {10 * folds} events in all, but was given "
                + $"{pooled.size(0)}.",
                nameof(folds));
        var state = torch.get_rng_state();
        torch.manual_seed(seed);
        try
        {
            var first = pooled.narrow(0, 0, n);
            var rows = ((pooled - first.mean([0])) / first.std(0L).clamp_min(1e-12)).to(ScalarType.Float32).cpu();
            var labels = torch.arange(rows.size(0)).ge(n).to(ScalarType.Float32);
            var dim = (int)rows.size(1);
            return Score(rows, labels, folds, hidden ?? [10 * dim, 10 * dim]);
        }
        finally
        {
            torch.set_rng_state(state);
        }
    }

    private static ClassifierTestResult Score(Tensor rows, Tensor labels, int folds, int[] hidden)
    {
        var total = rows.size(0);
        var size = total / folds;                                    // the remainder is in every training part
        var order = torch.randperm(total);
        var tests = order.narrow(0, 0, size * folds).view(folds, size);
        var trains = torch.stack([.. Enumerable.Range(0, folds).Select(k =>
            torch.cat([order.narrow(0, 0, k * size), order.narrow(0, (k + 1) * size, total - (k + 1) * size)], 0))], 0);
        var count = trains.size(1);
        using var networks = new ParallelMlps(folds, (int)rows.size(1), hidden);
        using var stop = new CancellationTokenSource();
        var perEpoch = (count + ClassifierBatch - 1) / ClassifierBatch;
        var watch = new EpochWatch(folds);
        var right = new double?[folds];
        Tensor? epoch = null;
        Trainer.Minimize(networks, step =>
        {
            if (step % perEpoch == 0)
            {
                foreach (var fold in watch.Ended(count)) right[fold] ??= Accuracy(fold);
                if (right.All(accuracy => accuracy is not null)) stop.Cancel();
                epoch?.Dispose();
                // Each network meets its own rows in an order of its own.
                epoch = torch.stack([.. Enumerable.Range(0, folds).Select(k =>
                    trains[k].index_select(0, torch.randperm(count)))], 0).DetachFromDisposeScope();
            }
            var at = step % perEpoch * ClassifierBatch;
            var taken = epoch!.narrow(1, at, Math.Min(ClassifierBatch, count - at));
            var seen = rows.index_select(0, taken.flatten()).view(folds, taken.size(1), -1);
            var losses = F.binary_cross_entropy_with_logits(networks.call(seen),
                labels.index_select(0, taken.flatten()).view(folds, -1), reduction: nn.Reduction.None).mean([1]);
            watch.Add(losses.detach(), taken.size(1));
            return losses.sum();
        }, new()
        {
            Steps = MostEpochs * perEpoch,
            Schedule = Schedule.Constant,
            ClipGradient = null,
            LogEvery = long.MaxValue,
            Cancellation = stop.Token,
        });
        epoch?.Dispose();
        for (var fold = 0; fold < folds; fold++) right[fold] ??= Accuracy(fold);
        var mean = right.Average()!.Value;
        return new(mean, UpperTail((mean - 0.5) * 2 * Math.Sqrt(total)), size * folds);

        double Accuracy(int fold)
        {
            using var guard = torch.no_grad();
            using var scope = NewDisposeScope();
            var logits = networks.call(rows.index_select(0, tests[fold]))[fold];
            return logits.gt(0).eq(labels.index_select(0, tests[fold]).gt(0)).to(torch.float64).mean().ToDouble();
        }
    }

    /// <summary>The epochs' mean losses of networks side by side, and which of them no longer fall.</summary>
    private sealed class EpochWatch(int networks)
    {
        private readonly double[] sums = new double[networks];
        private readonly double[] best = [.. Enumerable.Repeat(double.PositiveInfinity, networks)];
        private readonly int[] without = new int[networks];
        private readonly List<(Tensor Losses, long Weight)> steps = [];

        internal void Add(Tensor losses, long weight) => steps.Add((losses.DetachFromDisposeScope(), weight));

        /// <summary>Ends an epoch of so many events and gives the networks that have had too many without gain.</summary>
        internal int[] Ended(long count)
        {
            if (steps.Count == 0) return [];
            Array.Clear(sums);
            foreach (var (losses, weight) in steps)
            {
                var values = losses.data<float>().ToArray();
                for (var k = 0; k < networks; k++) sums[k] += values[k] * weight / count;
                losses.Dispose();
            }
            steps.Clear();
            for (var k = 0; k < networks; k++)
            {
                without[k] = sums[k] > best[k] - Gain ? without[k] + 1 : 0;
                best[k] = Math.Min(best[k], sums[k]);
            }
            return [.. Enumerable.Range(0, networks).Where(k => without[k] > EpochsWithoutGain)];
        }
    }
}
