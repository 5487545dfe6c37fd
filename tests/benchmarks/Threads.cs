using System.Diagnostics;
using RealNvp.Flows.Models;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace RealNvp.Benchmarks;

/// <summary>
/// Whether more threads help: in training steps of matrix products between small operators, and of an image
/// model's convolutions.
/// </summary>
internal static class Threads
{
    internal static void Run(int rounds, double seconds)
    {
        Compare("matrix products", MatrixProducts(), rounds, seconds);
        Compare("image model", ImageModel(), rounds, seconds);
    }

    private static Action MatrixProducts()
    {
        const int Batch = 512, Width = 32, Hidden = 256;
        var x = randn(Batch, Width);
        Tensor[] weights = [randn(Hidden, Width), randn(Hidden, Hidden), randn(Width, Hidden)];
        foreach (var w in weights) w.mul_(0.05).requires_grad_();
        return () =>
        {
            using var scope = NewDisposeScope();
            var h = x;
            foreach (var w in weights) h = F.linear(h, w).tanh();
            (h - x).pow(2).mean().backward();
            foreach (var w in weights) w.grad = null;
        };
    }

    // The model of `./workbook train realnvp --budget full`.
    private static Action ImageModel()
    {
        var flow = Architectures.RealNvpImages([1, 28, 28], width: 16, blocks: 1);
        var x = rand(64, 1, 28, 28);
        return () =>
        {
            using var scope = NewDisposeScope();
            flow.LogProb(x).mean().neg().backward();
            flow.zero_grad();
        };
    }

    private static void Compare(string name, Action step, int rounds, double seconds)
    {
        var counts = Enumerable.Range(1, Environment.ProcessorCount).ToArray();
        var medians = counts.ToDictionary(n => n, _ => new List<double>());
        var processor = counts.ToDictionary(n => n, _ => new List<double>());   // what spinning threads burn shows here
        step();
        for (var r = 0; r < rounds; r++)
        {
            foreach (var n in counts)
            {
                set_num_threads(n);
                var times = new List<double>();
                var before = Environment.CpuUsage.TotalTime;
                var end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
                while (Stopwatch.GetTimestamp() < end || times.Count < 2)
                {
                    var start = Stopwatch.GetTimestamp();
                    step();
                    times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
                medians[n].Add(times.Order().ElementAt(times.Count / 2));
                processor[n].Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds / times.Count);
            }
        }
        foreach (var n in counts)
        {
            var ratio = medians[n].Zip(medians[1]).Select(p => p.First / p.Second).Order().ElementAt(rounds / 2);
            Console.WriteLine($"{name}, {n} threads: {medians[n].Order().ElementAt(rounds / 2):F2} ms a step, ratio to one "
                + $"{ratio:F2}, "
                + $"processor time {processor[n].Order().ElementAt(rounds / 2):F2} ms");
        }
    }
}
