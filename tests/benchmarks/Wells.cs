using System.Diagnostics;
using System.Globalization;
using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Inference;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Benchmarks;

/// <summary>
/// Variational inference of the many-well density of 8 dimensions, 16 modes, as it is and turned by a random rotation: how far
/// log Z is off, the effective sample size of the flow's own events and from true ones, processor seconds of training, and
/// whether the library says that the fit collapsed.
/// </summary>
internal static class Wells
{
    private const int Events = 50_000;

    private static readonly ReverseOptions Tempered = new() { StartInverseTemperature = 0.05, TemperedPart = 0.6 };

    private static readonly (string Name, bool Turned, Func<Flow> Make, TrainingOptions Training, ReverseOptions Reverse)[] Fits =
    [
        ("started in one mode", false, () => InOneMode(Spline()), new() { Steps = 1000, LearningRate = 3e-3 }, new()),
        ("not tempered", false, Spline, new() { Steps = 2000, LearningRate = 3e-3 }, new()),
        ("tempered", false, Spline, new() { Steps = 2000, LearningRate = 3e-3 }, Tempered),
        ("tempered, turned", true, () => Architectures.Tabular(8, bins: 16, bound: 5),
            new() { Steps = 3000, LearningRate = 3e-3, BatchSize = 512 }, Tempered),
    ];

    internal static void Run(string part, int seed)
    {
        torch.set_num_threads(1);
        var wells = new ManyWell(4);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Many-well of 8 dimensions, log Z {wells.LogNormalizer:f4}; {Events:n0} events, seed {seed}"));
        Console.WriteLine($"{"fit",-22}{"log Z off",10}{"+-",8}{"effective",11}{"from p",8}{"s",6}");
        foreach (var (name, turned, make, training, reverse) in Fits.Where(f => f.Name.Contains(part, StringComparison.Ordinal)))
        {
            using var scope = NewDisposeScope();
            torch.manual_seed(seed);
            var rotation = turned ? torch.linalg.qr(torch.randn(8, 8)).Q : torch.eye(8);
            Tensor Log(Tensor x) => wells.Energy(x.mm(rotation)).neg();
            using var process = Process.GetCurrentProcess();
            var start = process.TotalProcessorTime;
            var flow = make();
            Trainer.FitReverse(flow, Log, training, reverse);
            process.Refresh();
            var seconds = (process.TotalProcessorTime - start).TotalSeconds;
            var own = ImportanceSample.Draw(flow, Log, Events);
            var fromTrue = ImportanceSample.EfficiencyFrom(flow, Log, wells.Sample(Events).mm(rotation.t()));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-22}{own.LogNormalizer - wells.LogNormalizer,10:f4}{own.LogNormalizerError,8:f4}")
                + string.Create(CultureInfo.InvariantCulture,
                $"{own.EffectiveSampleSize / Events,11:p1}{fromTrue,8:p1}{seconds,6:f0}"));
            var wide = new Flow(new Standardize(torch.zeros(8), torch.full([8], 2f)));
            Console.WriteLine($"  {Coverage.Of(flow, Log, wide)}");
        }
    }

    private static Flow Spline() => Architectures.NeuralSpline(8, bins: 16, bound: 5);

    /// <summary>All a at the heavier mode: the reverse divergence sees no other from there.</summary>
    private static Flow InOneMode(Flow flow)
    {
        var mode = torch.tensor(Enumerable.Range(0, 8).Select(k => k % 2 == 0 ? 1.75f : 0f).ToArray());
        var scale = torch.tensor(Enumerable.Range(0, 8).Select(k => k % 2 == 0 ? 0.2f : 1f).ToArray());
        return new(new Chain(new Standardize(mode, scale), flow.Bijection));
    }
}
