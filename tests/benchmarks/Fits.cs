using System.Diagnostics;
using System.Globalization;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Benchmarks;

/// <summary>
/// Every family on two moons and eight Gaussians, held out, against the true densities: likelihood, processor seconds of
/// training, parameters, in one table.
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
        ("NICE", _ => Architectures.Nice(2), new() { LearningRate = 2e-3, Steps = 3000 }),
        ("Real NVP, 8 couplings", _ => Architectures.RealNvp2D(), new() { LearningRate = 2e-3, Steps = 3000 }),
        ("Real NVP, fine preset", _ => Architectures.FineRealNvp2D(), TrainingOptions.Fine),
        ("neural spline", _ => Architectures.NeuralSpline(2), new() { LearningRate = 3e-3, Steps = 2000 }),
        ("Gaussianization", _ => Architectures.Gaussianization(2), new() { LearningRate = 1e-2, Steps = 2000 }),
        ("tabular", _ => Architectures.Tabular(2), new() { LearningRate = 1e-3, Steps = 1500 }),
        ("MAF", _ => Architectures.Maf(2), new() { LearningRate = 3e-3, Steps = 3000 }),
        ("IAF", _ => Architectures.Iaf(2), new() { LearningRate = 3e-3, Steps = 2000 }),
        ("NAF, deep sigmoidal", _ => Architectures.Naf(2), new() { LearningRate = 3e-3, Steps = 2000 }),
        ("NAF, dense sigmoidal", _ => Architectures.Naf(2, transformer: new DenseSigmoidalTransformer()),
            new() { LearningRate = 3e-3, Steps = 1500 }),
        ("planar", _ => Architectures.Planar(2, 32), new() { LearningRate = 1e-2, Steps = 2000 }),
        ("radial", _ => Architectures.Radial(2, 32), new() { LearningRate = 1e-2, Steps = 2000 }),
        ("Sylvester", _ => Architectures.Sylvester(2, 16), new() { LearningRate = 1e-2, Steps = 2000 }),
        ("residual", _ => Architectures.Residual(2), new() { LearningRate = 1e-2, Steps = 3500 }),
        ("FFJORD", _ => Architectures.Ffjord(2, options: new() { RelativeTolerance = 1e-3, AbsoluteTolerance = 1e-3 }),
            new() { LearningRate = 1e-2, Steps = 1000, BatchSize = 512 }),
        ("flow matching", _ => Architectures.FlowMatching(2,
            options: new() { RelativeTolerance = 1e-3, AbsoluteTolerance = 1e-3 }),
            new() { LearningRate = 5e-3, Steps = 8000, EmaDecay = 0.999 }),
        ("autoregressive spline", _ => Architectures.AutoregressiveSpline(2), new() { LearningRate = 3e-3, Steps = 2000 }),
        ("spline, learned intervals", _ => Architectures.AutoregressiveSpline(2, learnedInterval: true),
            new() { LearningRate = 3e-3, Steps = 2000 }),
        ("Bernstein polynomials", _ => Architectures.Naf(2, layers: 3, transformer: new BernsteinTransformer()),
            new() { LearningRate = 3e-3, Steps = 2000 }),
        ("sums of squares", _ => Architectures.Naf(2, layers: 3, transformer: new SumOfSquaresTransformer()),
            new() { LearningRate = 3e-3, Steps = 2000 }),
        ("UMNN", _ => Architectures.Umnn(2), new() { LearningRate = 3e-3, Steps = 1500 }),
        ("TarFlow", _ => Architectures.TarFlow(2), new() { LearningRate = 3e-3, Steps = 1000 }),
        ("TarFlow, splines", _ => Architectures.TarFlow(2, layers: 2, transformer: new RationalQuadraticTransformer()),
            new() { LearningRate = 3e-3, Steps = 1000 }),
        ("BNAF", _ => Architectures.Bnaf(2), new() { LearningRate = 1e-2, Steps = 2000 }),
    ];

    internal static void Run(string part)
    {
        torch.set_num_threads(1);
        Console.WriteLine($"Held-out log-likelihood in nats, {Train:n0} events to train on, {Test:n0} to test; seeds "
            + $"{TrainSeed}, {HeldOutSeed}, {TestSeed} of the data, {WeightSeed} of the weights");
        Console.WriteLine($"{"family",-26}{"parameters",12}{"moons",10}{"short",8}{"s",7}{"eight",10}{"short",8}{"s",7}");
        var sets = new[]
        {
            new Set((n, seed) => Toys.Moons(n, seed: seed), Toys.MoonsDensity()),
            new Set((n, seed) => Toys.EightGaussians(n, seed: seed), Toys.EightGaussiansDensity()),
        };
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{"the true density",-26}{"",12}{sets[0].Truth,10:f3}{"",15}{sets[1].Truth,10:f3}"));
        foreach (var (name, make, training) in Families.Where(f => f.Name.Contains(part, StringComparison.OrdinalIgnoreCase)))
        {
            var results = sets.Select(set => Fit(set, name, make, training)).ToArray();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-26}{results[0].Parameters,12:n0}{string.Concat(results.Select(r => FormattableString.Invariant($"{r.Reached,10:f3}{r.Short,8:f3}{r.Seconds,7:f0}")))}"));
        }
    }

    private static (double Reached, double Short, double Seconds, long Parameters) Fit(Set set, string name,
        Func<Tensor, Distribution> make, TrainingOptions? training)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(WeightSeed);
        using var process = Process.GetCurrentProcess();
        var start = process.TotalProcessorTime;
        var model = make(set.TrainEvents);
        training = training is null ? null : training with { EvaluateEvery = 250, Patience = null };
        if (name.StartsWith("flow matching", StringComparison.Ordinal))
            Trainer.FitVelocity((Flow)model, set.TrainEvents, set.HeldOutEvents, training);
        else if (training is not null) Trainer.Fit(model, set.TrainEvents, set.HeldOutEvents, training);
        process.Refresh();
        var seconds = (process.TotalProcessorTime - start).TotalSeconds;
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
