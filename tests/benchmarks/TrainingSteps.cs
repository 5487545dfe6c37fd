using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Benchmarks;

/// <summary>
/// The library's Real NVP of vectors, by its own trainer, beside one written by hand with TorchSharp
/// (<see cref="PlainRealNvp"/>) and one in Python (Python/training.py), both with optim.Adam as it comes: training steps and
/// log-densities.
/// </summary>
internal static class TrainingSteps
{
    private const int CheckSteps = 10;

    private static readonly Dictionary<string, (long Dim, int Layers, long Hidden, long Batch)> Workloads = new()
    {
        ["moons2d"] = (2, 8, 64, 256),
        ["tabular"] = (64, 10, 256, 512),
    };

    internal static void Run(int rounds, double seconds, int threads, string only)
    {
        set_num_threads(threads);
        using var python = new PythonPeer("training.py", $"{threads}");
        Race.Head(python, rounds, seconds, threads);
        foreach (var (name, w) in Workloads.Where(w => only == "" || only == w.Key))
        {
            manual_seed(1);
            var model = new PlainRealNvp(w.Dim, w.Layers, w.Hidden);
            var optimizer = optim.Adam(model.parameters(), lr: 1e-3);
            var x = (arange(w.Batch * w.Dim, float64) * 12.9898).sin().mul(43758.5453).frac().mul(2).to(float32)
                .view(w.Batch, w.Dim);
            // The same start and the same steps on both sides: they must have learnt the same.
            for (var k = 0; k < CheckSteps; k++) Step();
            using (no_grad())
                Console.WriteLine($"{name}: after {CheckSteps} steps by hand the loss is "
                    + $"{-model.LogProb(x).mean().ToDouble():f4}, "
                    + $"in Python {python.Ask($"check-{name} {CheckSteps}")}");
            var server = new FlowServer(name);
            Race.Run($"{name}, training step", rounds, seconds, new("library", s => server.TimeTraining(s)),
                new("TorchSharp by hand", s => Slice(Step, s)), python.Side("Python", name));
            Race.Run($"{name}, log-density", rounds, seconds, new("library", s => server.TimeLogProb(w.Batch, s)),
                new("TorchSharp by hand", s => Slice(LogProb, s)), python.Side("Python", $"log_prob-{name}"));

            void Step()
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                var loss = -model.LogProb(x).mean();
                loss.backward();
                optimizer.step();
            }

            void LogProb()
            {
                using var scope = NewDisposeScope();
                using var off = no_grad();
                model.LogProb(x);
            }
        }
    }

    private static (double Wall, double Processor) Slice(Action step, double seconds)
    {
        var times = new List<double>();
        var processor = Environment.CpuUsage.TotalTime;
        var end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < end || times.Count < 3)
        {
            var start = Stopwatch.GetTimestamp();
            step();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        var cost = (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds / times.Count;
        return (times.Order().ElementAt(times.Count / 2), cost);
    }
}
