using System.Diagnostics;
using System.Globalization;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;
using Ready = RealNvp.Flows.Models.Flows;

namespace RealNvp.Benchmarks;

/// <summary>
/// The library's Real NVP under a clock, as a server: a driver that interleaves it with other libraries starts it with a workload and a thread count,
/// writes "train N SECONDS", "log_prob N SECONDS", "sample N SECONDS" or "check STEPS 0" to its input, and reads one JSON line for each.
/// </summary>
internal sealed class FlowServer
{
    private readonly Workload workload;
    private readonly Flow flow;
    private readonly Tensor data;

    private FlowServer(Workload workload)
    {
        this.workload = workload;
        torch.manual_seed(1);
        flow = Ready.RealNvp(workload.Dim, workload.Layers, [workload.Hidden, workload.Hidden]);
        data = workload.Draw(16 * workload.Batch);
        flow.eval();
    }

    internal static void Run(string workload, int threads)
    {
        torch.set_num_threads(threads);
        var server = new FlowServer(Workload.Of(workload));
        while (Console.ReadLine() is { } line) Console.WriteLine(server.Answer(line.Split(' ')));
    }

    private string Answer(string[] words)
    {
        var (n, seconds) = (long.Parse(words[1], CultureInfo.InvariantCulture), double.Parse(words[2], CultureInfo.InvariantCulture));
        return words[0] switch
        {
            "check" => Check(n),
            "train" => Report(Train(seconds)),
            "log_prob" => Report(LogProb(n, seconds)),
            "sample" => Report(Repeat(() => flow.Sample(n), seconds)),
            _ => throw new ArgumentException($"There is no task {words[0]}; there are check, train, log_prob and sample."),
        };
    }

    private string Check(long steps)
    {
        Trainer.Fit(flow, data, options: new() { Steps = steps, BatchSize = workload.Batch, Schedule = Schedule.Constant });
        return string.Create(CultureInfo.InvariantCulture, $$"""{"nll":{{-Trainer.MeanLogProb(flow, data):r}}}""");
    }

    // The time of a step is taken between two calls of the trainer's own progress callback, so its loop is what is measured.
    private (List<double> Times, double Cpu, double Wall) Train(double seconds)
    {
        var times = new List<double>();
        using var stop = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var last = -1L;
        Trainer.Fit(flow, data, options: new()
        {
            Steps = long.MaxValue,
            BatchSize = workload.Batch,
            Schedule = Schedule.Constant,
            LogEvery = 1,
            Cancellation = stop.Token,
            Progress = _ =>
            {
                var now = Stopwatch.GetTimestamp();
                if (last >= 0) times.Add(Stopwatch.GetElapsedTime(last, now).TotalSeconds);
                last = now;
                if (clock.Elapsed.TotalSeconds >= seconds && times.Count > 1) stop.Cancel();
            },
        });
        return (times, (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds, clock.Elapsed.TotalSeconds);
    }

    private (List<double> Times, double Cpu, double Wall) LogProb(long n, double seconds)
    {
        using var x = workload.Draw(n);
        using var guard = torch.no_grad();
        return Repeat(() => flow.LogProb(x), seconds);
    }

    private static (List<double> Times, double Cpu, double Wall) Repeat(Func<Tensor> what, double seconds)
    {
        var times = new List<double>();
        var clock = Stopwatch.StartNew();
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        while (clock.Elapsed.TotalSeconds < seconds || times.Count < 2)
        {
            var begin = Stopwatch.GetTimestamp();
            what().Dispose();
            times.Add(Stopwatch.GetElapsedTime(begin).TotalSeconds);
        }
        return (times, (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds, clock.Elapsed.TotalSeconds);
    }

    private static string Report((List<double> Times, double Cpu, double Wall) run)
    {
        var (times, cpu, wall) = run;
        times.Sort();
        return string.Create(CultureInfo.InvariantCulture,
            $$"""{"calls":{{times.Count}},"med":{{times[times.Count / 2]:r}},"mean":{{wall / times.Count:r}},"cpu":{{cpu / times.Count:r}},"p10":{{times[times.Count / 10]:r}}}""");
    }

    private sealed record Workload(int Dim, int Layers, int Hidden, int Batch)
    {
        internal static Workload Of(string name) => name switch
        {
            "moons2d" => new(Dim: 2, Layers: 8, Hidden: 64, Batch: 256),
            "tabular" => new(Dim: 64, Layers: 10, Hidden: 256, Batch: 512),
            _ => throw new ArgumentException($"There is no workload {name}; there are moons2d and tabular."),
        };

        internal Tensor Draw(long n)
        {
            using var scope = NewDisposeScope();
            if (Dim == 2) return Toys.Moons((int)n, noise: 0.05).MoveToOuterDisposeScope();
            var mix = torch.randn(Dim, Dim) / Math.Sqrt(Dim);
            return (torch.randn(n, Dim).mm(mix).tanh() + 0.3 * torch.randn(n, Dim)).MoveToOuterDisposeScope();
        }
    }
}
