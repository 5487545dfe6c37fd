using System.Diagnostics;
using System.Globalization;
using RealNvp.Chapters;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Benchmarks;

/// <summary>
/// Flows of the digits of 8 x 8 pixels, each trained for the same processor time, against Real NVP: held-out bits/dim, paired by
/// picture and by the noise of dequantisation.
/// </summary>
internal static class Digits
{
    private const int Levels = 17;
    private const int Draws = 8;          // of the uniform noise of dequantisation for each test picture
    private const int MeasuredSteps = 30;
    private static readonly long[] Shape = [1, 8, 8];

    private static readonly (string Name, Func<Flow> Make, double Rate)[] Models =
    [
        ("Real NVP", () => Architectures.RealNvpImages(Shape, width: 16, blocks: 1), 8e-3),
        ("TarFlow, splines", () =>
            Architectures.TarFlowImages(Shape, layers: 2, transformer: new RationalQuadraticTransformer(8, 3)), 3e-3),
        ("TarFlow, affine", () => Architectures.TarFlowImages(Shape), 3e-3),
        ("spline couplings", () => Architectures.SplineImages(Shape, steps: 4, width: 32), 1.6e-2),
    ];

    internal static void Run(double seconds, int seeds, string part)
    {
        torch.set_num_threads(1);
        using var scope = NewDisposeScope();
        var (rest, test) = Splits.TrainHeldOut(Datasets.Digits().Images, 0.2, seed: 0);
        var (train, heldOut) = Splits.TrainHeldOut(rest, 0.1, seed: 0);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{train.size(0):n0} digits to train on, "
            + $"{heldOut.size(0)} to choose the step by, {test.size(0)} to test; {seconds:g4} processor seconds a model; "
            + $"float32; bits/dim over {Draws} draws of uniform noise, the same for all models; +- is one standard error"));
        Tensor? reference = null;
        foreach (var (name, make, rate) in Models.Where((m, k) => k == 0
            || m.Name.Contains(part, StringComparison.OrdinalIgnoreCase)))
        {
            var runs = Enumerable.Range(1, seeds)
                .Select(seed => Train(make, rate, seconds, seed, train, heldOut, test)).ToArray();
            var bits = torch.stack(runs.Select(run => run.Bits));   // [seeds, pictures]
            Console.WriteLine($"{name,-18}{runs[0].Parameters,9:n0} parameters{Text(bits.mean([0])),20}"
                + string.Create(CultureInfo.InvariantCulture, $"{runs.Average(run => run.Seconds),7:f0} s, ")
                + $"{runs.Average(run => run.Steps):f0} steps, best {runs.Average(run => run.BestStep):f0}");
            reference ??= bits;
            if (ReferenceEquals(reference, bits)) continue;
            var difference = bits - reference;
            var paired = difference.mean([0]);
            var (mean, error) = (paired.mean().ToDouble(), Error(paired));
            var bySeed = difference.mean([1]).data<double>().Select(d => d.ToString("f3", CultureInfo.InvariantCulture));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"  minus Real NVP",-38}{Text(paired),20}  "
                + $"= {mean / error:f1} standard errors, 95 % [{mean - 1.96 * error:f3}, {mean + 1.96 * error:f3}]; by seed "
                + $"{string.Join(", ", bySeed)}"));
        }
    }

    private sealed record Trained(Tensor Bits, double Seconds, long Steps, long BestStep, long Parameters);

    private static Trained Train(Func<Flow> make, double rate, double seconds, int seed, Tensor train, Tensor heldOut,
        Tensor test)
    {
        using var scope = NewDisposeScope();
        var options = new TrainingOptions
        {
            BatchSize = 64,
            LearningRate = rate,
            Levels = Levels,
            EmaDecay = 0.995,
            Seed = seed,
            EvaluateEvery = 25,
            EvaluationBatch = 500,
            Patience = null,
        };
        TrainingResult Fit(Flow flow, long steps) => Trainer.Fit(flow, train, heldOut, options with
        {
            Steps = steps,
            Schedule = Schedule.Warmup(steps / 20, Schedule.Cosine(0.01)),
        });
        using var tried = make();
        Fit(tried, MeasuredSteps);   // compiled now
        var start = ProcessorSeconds();
        Fit(tried, MeasuredSteps);
        var steps = (long)(seconds * MeasuredSteps / (ProcessorSeconds() - start));
        torch.manual_seed(seed);
        using var flow = make();
        start = ProcessorSeconds();
        var result = Fit(flow, steps);
        var spent = ProcessorSeconds() - start;
        using var guard = torch.no_grad();
        using var noise = new Generator(1);
        noise.manual_seed(1);
        var bits = torch.stack(Enumerable.Range(0, Draws).Select(_ => flow.BitsPerDim(
            Dequantize.Uniform(test, Levels, noise), levels: Levels).to(torch.float64))).mean([0]);
        return new(scope.MoveToOuter(bits), spent, steps, result.BestStep, flow.ParameterCount());
    }

    private static double ProcessorSeconds()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }

    private static double Error(Tensor x) => x.std().ToDouble() / Math.Sqrt(x.size(0));

    private static string Text(Tensor x) =>
        string.Create(CultureInfo.InvariantCulture, $"{x.mean().ToDouble():f4} +- {Error(x):f4}");
}
