using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace RealNvp.Benchmarks;

/// <summary>Whether a second thread helps where the work is matrix products between small operators: the pools of OpenMP and OpenBLAS meet here.</summary>
internal static class Threads
{
    internal static void Run(int rounds, double seconds)
    {
        const int Batch = 512, Width = 32, Hidden = 256;
        var x = randn(Batch, Width);
        Tensor[] weights = [randn(Hidden, Width), randn(Hidden, Hidden), randn(Width, Hidden)];
        foreach (var w in weights) w.mul_(0.05).requires_grad_();

        void Step()
        {
            using var scope = NewDisposeScope();
            var h = x;
            foreach (var w in weights) h = F.linear(h, w).tanh();
            (h - x).pow(2).mean().backward();
            foreach (var w in weights) w.grad = null;
        }

        var counts = Enumerable.Range(1, Environment.ProcessorCount).ToArray();
        var medians = counts.ToDictionary(n => n, _ => new List<double>());
        var processor = counts.ToDictionary(n => n, _ => new List<double>());   // what spinning threads burn shows here
        for (var r = 0; r < rounds; r++)
        {
            foreach (var n in counts)
            {
                set_num_threads(n);
                var times = new List<double>();
                var before = Environment.CpuUsage.TotalTime;
                var end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
                while (Stopwatch.GetTimestamp() < end)
                {
                    var start = Stopwatch.GetTimestamp();
                    Step();
                    times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
                medians[n].Add(times.Order().ElementAt(times.Count / 2));
                processor[n].Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds / times.Count);
            }
        }
        foreach (var n in counts)
        {
            var ratio = medians[n].Zip(medians[1]).Select(p => p.First / p.Second).Order().ElementAt(rounds / 2);
            Console.WriteLine($"{n} threads: {medians[n].Order().ElementAt(rounds / 2):F2} ms a step, ratio to one {ratio:F2}, "
                + $"processor time {processor[n].Order().ElementAt(rounds / 2):F2} ms");
        }
    }
}
