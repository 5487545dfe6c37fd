using System.Diagnostics;
using System.Globalization;
using RealNvp.Flows.Bijections;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Numerics;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;
using Ready = RealNvp.Flows.Models.Flows;

namespace RealNvp.Benchmarks;

/// <summary>
/// Every family on two moons and eight Gaussians, held out, against the true densities: likelihood, time, parameters, in one table.
/// </summary>
internal static class Fits
{
    private const int TrainSeed = 1, HeldOutSeed = 2, TestSeed = 3, WeightSeed = 1;
    private const int Train = 100_000, HeldOut = 4000, Test = 10_000;

    private static readonly (string Name, Func<Tensor, Distribution> Make, TrainingOptions? Training)[] Families =
    [
        ("Gaussian (closed form)", x => Gaussian.Fit(x), null),
        ("mixture of 8, EM", x => GaussianMixture.Fit(x, 8), null),
        ("mixture of 8, gradient", x => LearnedMixture.StartedAt(x, 8), new() { LearningRate = 2e-2, Steps = 1500 }),
        ("NICE", _ => Ready.Nice(2), new() { LearningRate = 2e-3, Steps = 3000 }),
        ("Real NVP, 8 couplings", _ => Ready.RealNvp2D(), new() { LearningRate = 2e-3, Steps = 3000 }),
        ("Real NVP, fine preset", _ => Ready.FineRealNvp2D(), TrainingOptions.Fine),
        ("neural spline", _ => Ready.NeuralSpline(2), new() { LearningRate = 3e-3, Steps = 2000 }),
        ("Gaussianization", _ => Ready.Gaussianization(2), new() { LearningRate = 1e-2, Steps = 2000 }),
        ("tabular", _ => Ready.Tabular(2), new() { LearningRate = 1e-3, Steps = 1500 }),
        ("MAF", _ => Ready.Maf(2), new() { LearningRate = 3e-3, Steps = 3000 }),
        ("IAF", _ => Ready.Iaf(2), new() { LearningRate = 3e-3, Steps = 2000 }),
        ("NAF, deep sigmoidal", _ => Ready.Naf(2), new() { LearningRate = 3e-3, Steps = 2000 }),
        ("NAF, dense sigmoidal", _ => Ready.Naf(2, transformer: new DenseSigmoidalTransformer()), new() { LearningRate = 3e-3, Steps = 1500 }),
        ("planar", _ => Ready.Planar(2, 32), new() { LearningRate = 1e-2, Steps = 2000 }),
        ("radial", _ => Ready.Radial(2, 32), new() { LearningRate = 1e-2, Steps = 2000 }),
        ("Sylvester", _ => Ready.Sylvester(2, 16), new() { LearningRate = 1e-2, Steps = 2000 }),
        ("residual", _ => Ready.Residual(2), new() { LearningRate = 1e-2, Steps = 3500 }),
        ("FFJORD", _ => Ready.Ffjord(2, options: new() { RelativeTolerance = 1e-3, AbsoluteTolerance = 1e-3 }), new() { LearningRate = 1e-2, Steps = 1000, BatchSize = 512 }),
    ];

    internal static void Run(string part)
    {
        torch.set_num_threads(1);
        Console.WriteLine($"Held-out log-likelihood in nats, {Train:n0} events to train on, {Test:n0} to test; seeds {TrainSeed}, {HeldOutSeed}, {TestSeed} of the data, {WeightSeed} of the weights");
        Console.WriteLine($"{"family",-26}{"parameters",12}{"moons",10}{"short",8}{"s",7}{"eight",10}{"short",8}{"s",7}");
        var sets = new[]
        {
            new Set((n, seed) => Toys.Moons(n, seed: seed), Toys.MoonsDensity()),
            new Set((n, seed) => Toys.EightGaussians(n, seed: seed), Toys.EightGaussiansDensity()),
        };
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"the true density",-26}{"",12}{sets[0].Truth,10:f3}{"",15}{sets[1].Truth,10:f3}"));
        foreach (var (name, make, training) in Families.Where(f => f.Name.Contains(part, StringComparison.OrdinalIgnoreCase)))
        {
            var results = sets.Select(set => Fit(set, make, training)).ToArray();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-26}{results[0].Parameters,12:n0}{string.Concat(results.Select(r => FormattableString.Invariant($"{r.Reached,10:f3}{r.Short,8:f3}{r.Seconds,7:f0}")))}"));
        }
    }

    private static (double Reached, double Short, double Seconds, long Parameters) Fit(Set set, Func<Tensor, Distribution> make, TrainingOptions? training)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(WeightSeed);
        var clock = Stopwatch.StartNew();
        var model = make(set.TrainEvents);
        if (training is not null) Trainer.Fit(model, set.TrainEvents, set.HeldOutEvents, training with { EvaluateEvery = 250, Patience = null });
        var seconds = clock.Elapsed.TotalSeconds;
        var reached = Trainer.MeanLogProb(model, set.TestEvents, batchSize: 1000);
        return (reached, set.Truth - reached, seconds, model.parameters().Sum(p => p.numel()));
    }

    private sealed class Set(Func<int, int, Tensor> draw, Distribution truth)
    {
        internal Tensor TrainEvents { get; } = draw(Train, TrainSeed);

        internal Tensor HeldOutEvents { get; } = draw(HeldOut, HeldOutSeed);

        internal Tensor TestEvents { get; } = draw(Test, TestSeed);

        internal double Truth => Trainer.MeanLogProb(truth, TestEvents, batchSize: 1000);
    }
}
