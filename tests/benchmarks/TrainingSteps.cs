using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Benchmarks;

/// <summary>
/// Training steps and an Adam step beside Python on the same libtorch: slices of both sides take turns, and ratios are taken
/// within a round.
/// </summary>
internal static class TrainingSteps
{
    private static readonly Dictionary<string, (long Dim, int Layers, long Hidden, long Batch)> Workloads = new()
    {
        ["moons2d"] = (2, 8, 64, 256),
        ["tabular"] = (64, 10, 256, 512),
    };

    internal static void Run(int rounds, double seconds, int threads, string only)
    {
        // Before libtorch loads: its pools read the environment then.
        foreach (var pool in new[] { "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS" }) Environment.SetEnvironmentVariable(pool,
            $"{threads}");
        set_num_threads(threads);
        using var python = new PythonPeer("training.py", $"{threads}");
        Console.WriteLine($"libtorch {torch.__version__}, python {python.Version}; medians of {rounds} rounds of {seconds} s, "
            + $"{threads} thread(s)");
        Console.WriteLine($"{"step",-10}{"C# us",10}{"Python us",11}{"ratio",8}{"lowest",8}{"highest",8}   processor "
            + $"time{"C# us",8}{"Python us",11}"
            + $"{"ratio",8}   page faults{"C#",7}{"Python",8}");
        foreach (var (name, step, loss) in Tasks())
        {
            if (only != "" && only != name) continue;
            // The same start and the same steps on both sides: they must have learnt the same.
            var learnt = "";
            if (loss is not null)
            {
                for (var k = 0; k < CheckSteps; k++) step();
                learnt = $"   negative log-likelihood after {CheckSteps} steps {loss():F4} and "
                    + $"{python.AskNumber($"check-{name} {CheckSteps}"):F4}";
            }
            var line = $"{name} {seconds.ToString(CultureInfo.InvariantCulture)}";
            Slice(step, seconds);          // both sides compile and warm up
            python.Ask(line);
            var (ours, theirs) = (new List<Cost>(), new List<Cost>());
            for (var r = 0; r < rounds; r++)
            {
                ours.Add(Slice(step, seconds));
                theirs.Add(Cost.Parse(python.Ask(line)));
            }
            var ratios = ours.Zip(theirs, (a, b) => a.Wall / b.Wall).ToList();
            var processor = ours.Zip(theirs, (a, b) => a.Processor / b.Processor).ToList();
            Console.WriteLine($"{name,-10}{Median(ours, c => c.Wall),10:F1}{Median(theirs, c => c.Wall),11:F1}"
                + $"{Median(ratios, x => x),8:F2}{ratios.Min(),8:F2}{ratios.Max(),8:F2}{"",17}{Median(ours, c => c.Processor),8:F1}"
                + $"{Median(theirs, c => c.Processor),11:F1}{Median(processor, x => x),8:F2}{"",14}"
                + $"{Median(ours, c => c.Faults),7:F0}{Median(theirs, c => c.Faults),8:F0}{learnt}");
        }
    }

    private const int CheckSteps = 10;

    /// <summary>Of one call: microseconds by the clock, microseconds of processor time, page faults.</summary>
    private readonly record struct Cost(double Wall, double Processor, double Faults)
    {
        internal static Cost Parse(string line)
        {
            double[] n = [.. line.Split(' ').Select(s => double.Parse(s, CultureInfo.InvariantCulture))];
            return new(n[0], n[1], n[2]);
        }
    }

    private static IEnumerable<(string Name, Action Step, Func<double>? Loss)> Tasks()
    {
        foreach (var (name, w) in Workloads)
        {
            manual_seed(1);
            var model = new PlainRealNvp(w.Dim, w.Layers, w.Hidden);
            var optimizer = optim.Adam(model.parameters(), lr: 1e-3);
            var x = (arange(w.Batch * w.Dim, float64) * 12.9898).sin().mul(43758.5453).frac().mul(2).to(float32)
                .view(w.Batch, w.Dim);
            yield return (name, () =>
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                var loss = -model.LogProb(x).mean();
                loss.backward();
                optimizer.step();
            }, () =>
            {
                using var scope = NewDisposeScope();
                using var off = no_grad();
                return -model.LogProb(x).mean().ToDouble();
            }
            );
        }
        Parameter[] parameters = [.. Enumerable.Range(0, 100).Select(_ => new Parameter(randn(64, 8)))];
        foreach (var p in parameters) p.grad = randn(64, 8);
        var adam = optim.Adam(parameters, lr: 1e-3);
        yield return ("adam", () => adam.step(), null);
    }

    private static Cost Slice(Action step, double seconds)
    {
        var times = new List<double>();
        var process = Process.GetCurrentProcess();
        var (processor, faults) = (process.TotalProcessorTime, Faults());
        var end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < end || times.Count < 3)
        {
            var start = Stopwatch.GetTimestamp();
            step();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }
        process.Refresh();
        return new(Median(times, t => t), (process.TotalProcessorTime - processor).TotalMicroseconds / times.Count,
            (Faults() - faults) / (double)times.Count);
    }

    // The tenth field of /proc/self/stat: faults that needed no disk.
    private static long Faults() => File.Exists("/proc/self/stat")
        ? long.Parse(File.ReadAllText("/proc/self/stat").Split(' ')[9], CultureInfo.InvariantCulture) : 0;

    private static double Median<T>(List<T> values, Func<T, double> of) => values.Select(of).Order().ElementAt(values.Count / 2);
}
