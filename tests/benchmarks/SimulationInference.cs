using System.Diagnostics;
using System.Globalization;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Evaluation;
using RealNvp.Flows.Simulation;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Benchmarks;

/// <summary>
/// Neural posterior estimation on two tasks of sbibm (Lueckmann et al. 2021, arXiv:2101.04653), by its protocol: same prior,
/// simulator and classifier, 10,000 reference samples beside 10,000 of the estimate, classifier two-sample scores over five
/// observations. References are drawn from the exact posteriors.
/// </summary>
internal static class SimulationInference
{
    private const int Samples = 10_000;
    private const int PairsSeed = 1, ReferenceSeed = 2, SampleSeed = 3;

    internal static void Run(string part, int pairs)
    {
        torch.set_num_threads(1);
        Console.WriteLine($"Classifier two-sample scores of {Samples:n0} samples; seeds {PairsSeed} of the pairs, "
            + $"{ReferenceSeed} of the references, {SampleSeed} of the samples");
        Console.WriteLine($"{"task",-17}{"pairs",9}{"fit, s",8}  {"scores",35}{"mean",8}{"target",8}{"tests, s",9}");
        foreach (var task in new[] { TwoMoons(), LinearGaussian() })
            if (task.Name.Contains(part, StringComparison.OrdinalIgnoreCase)) Score(task, pairs);
    }

    private static void Score(BenchmarkTask task, int count)
    {
        using var scope = NewDisposeScope();
        using var process = Process.GetCurrentProcess();
        var start = process.TotalProcessorTime;
        double Seconds()
        {
            process.Refresh();
            return (process.TotalProcessorTime - start).TotalSeconds;
        }
        torch.manual_seed(PairsSeed);
        var pairs = Simulations.Draw(task.Prior, task.Simulator, count);
        var estimate = NeuralPosterior.Fit(task.Prior, pairs);
        var fitted = Seconds();
        Console.Write(string.Create(CultureInfo.InvariantCulture, $"{task.Name,-17}{count,9}{fitted,8:f0}  "));
        var scores = new List<double>();
        foreach (var (x, k) in task.Observations.Select((x, k) => (x, k)))
        {
            using var inner = NewDisposeScope();
            torch.manual_seed(ReferenceSeed + 10 * k);
            var reference = task.Posterior(x, Samples);
            torch.manual_seed(SampleSeed + 10 * k);
            scores.Add(TwoSample.CrossValidatedClassifierTest(reference, estimate.At(x).Sample(Samples)).Accuracy);
            Console.Write(string.Create(CultureInfo.InvariantCulture, $"{scores[^1],7:f3}"));
        }
        var target = count >= 100_000 ? task.Targets.Many : task.Targets.Few;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{scores.Average(),8:f3}{target,8:f3}{Seconds() - fitted,9:f0}"));
        Console.WriteLine($"  {estimate.Training}");
    }

    /// <summary>
    /// theta uniform on [-1, 1]^2, x = p + (-|u|, v) with u = (theta_1 + theta_2) / sqrt 2, v = (theta_2 - theta_1) / sqrt 2 and
    /// p = (r cos a + 0.25, r sin a), a uniform on half a circle, r normal of mean 0.1 and deviation 0.01.
    /// </summary>
    private static BenchmarkTask TwoMoons()
    {
        static Tensor Noise(long n)
        {
            var angle = (torch.rand(n) - 0.5) * Math.PI;
            var radius = 0.1 + 0.01 * torch.randn(n);
            return torch.stack([radius * angle.cos() + 0.25, radius * angle.sin()], 1);
        }
        var root = Math.Sqrt(0.5);
        return new("two moons", new Uniform(-1, 1, 2), theta =>
        {
            var (a, b) = (theta.select(1, 0), theta.select(1, 1));
            return Noise(theta.size(0)) + torch.stack([((a + b) * root).abs().neg(), (b - a) * root], 1);
        },
        // The five first observations of sbibm.
        [.. new[] { (-0.6396706f, 0.16234657f), (-0.5676688f, -0.33194834f), (0.0030109584f, -0.6457662f),
            (-0.25049388f, 0.633055f), (-0.66463584f, -0.42604533f) }.Select(x => torch.tensor(new[] { x.Item1, x.Item2 }))],
        (x, n) =>
        {
            // Given x, p determines |u| = p_1 - x_1 and v = x_2 - p_2 with a Jacobian of 1, and theta is (u, v) turned by 45
            // degrees: draw p, refuse |u| below 0, take either sign, refuse what falls outside of the prior.
            var (kept, found) = (new List<Tensor>(), 0L);
            while (found < n)
            {
                var p = Noise(n);
                var u = (p.select(1, 0) - x[0]) * (torch.rand(n).lt(0.5).to(float32) * 2 - 1);
                var v = x[1] - p.select(1, 1);
                var theta = torch.stack([(u - v) * root, (u + v) * root], 1);
                var inside = (p.select(1, 0) - x[0]).ge(0) & theta.abs().le(1).all(1);
                kept.Add(theta.index_select(0, inside.nonzero().squeeze(1)));
                found += kept[^1].size(0);
            }
            return torch.cat(kept.ToArray(), 0).narrow(0, 0, n);
        }, (0.606, 0.542));
    }

    /// <summary>theta from N(0, 0.1 I) in ten dimensions, x from N(theta, 0.1 I): the posterior is N(x / 2, 0.05 I).</summary>
    private static BenchmarkTask LinearGaussian()
    {
        const int Dim = 10;
        const double Variance = 0.1;
        torch.manual_seed(ReferenceSeed);
        var prior = new Gaussian(torch.zeros(Dim), torch.eye(Dim) * Variance);
        Tensor Simulator(Tensor theta) => theta + Math.Sqrt(Variance) * torch.randn_like(theta);
        return new("linear Gaussian", prior, Simulator,
            [.. Enumerable.Range(0, 5).Select(_ => Simulator(prior.Sample(1)).squeeze(0))],
            (x, n) => x / 2 + Math.Sqrt(Variance / 2) * torch.randn(n, Dim), (0.552, 0.506));
    }

    private sealed record BenchmarkTask(string Name, Distribution Prior, Func<Tensor, Tensor> Simulator, Tensor[] Observations,
        Func<Tensor, int, Tensor> Posterior, (double Few, double Many) Targets);
}
