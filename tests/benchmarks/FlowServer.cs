using System.Diagnostics;
using System.Globalization;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Benchmarks;

/// <summary>
/// The library's Real NVP under a clock, as a server: a driver that interleaves it with other libraries starts it with a workload
/// (moons2d, tabular, image) and a thread count, writes "train N SECONDS", "log_prob N SECONDS", "sample N SECONDS" or "check
/// STEPS 0" to its input, and reads one JSON line for each.
/// </summary>
internal sealed class FlowServer
{
    private readonly Workload _workload;
    private readonly Flow _flow;
    private readonly Tensor _data;

    private const int StepsAtOnce = 20;   // on a GPU, where reading a loss waits for the step

    private readonly Device _device;

    internal FlowServer(string name, string where = "cpu", int? batch = null)
    {
        _workload = Workload.Of(name) is var usual && batch is { } size ? usual with { Batch = size } : usual;
        _device = new Device(where);
        torch.manual_seed(1);
        _flow = _workload.Build();
        _flow.to(_device);
        _data = _workload.Draw(_workload.Batches * _workload.Batch);
        _flow.eval();
    }

    internal static void Run(string workload, int threads)
    {
        torch.set_num_threads(threads);
        var server = new FlowServer(workload);
        while (Console.ReadLine() is { } line) Console.WriteLine(server.Answer(line.Split(' ')));
    }

    private string Answer(string[] words)
    {
        var (n, seconds) = (long.Parse(words[1], CultureInfo.InvariantCulture),
            double.Parse(words[2], CultureInfo.InvariantCulture));
        return words[0] switch
        {
            "check" => Check(n),
            "train" => Report(Train(seconds)),
            "log_prob" => Report(LogProb(n, seconds)),
            "sample" => Report(Repeat(() => _flow.Sample(n), seconds)),
            _ => throw new ArgumentException($"There is no task {words[0]}; there are check, train, log_prob and sample."),
        };
    }

    private string Check(long steps)
    {
        Trainer.Fit(_flow, _data, options: _workload.Options with { Steps = steps });
        using var scope = NewDisposeScope();
        return string.Create(CultureInfo.InvariantCulture, $$"""{"nll":{{-Trainer.MeanLogProb(_flow, _workload.Real(_data)):r}}}""");
    }

    /// <summary>Median milliseconds of a training step by the clock, and mean milliseconds of processor time.</summary>
    internal (double Wall, double Processor) TimeTraining(double seconds, bool bfloat16 = false)
    {
        var (times, cpu, _) = Train(seconds, bfloat16);
        return (1e3 * times.Order().ElementAt(times.Count / 2), 1e3 * cpu / times.Count);
    }

    /// <summary>Median milliseconds of a log-density of n events by the clock, and mean milliseconds of processor time.</summary>
    internal (double Wall, double Processor) TimeLogProb(long n, double seconds)
    {
        var (times, cpu, _) = LogProb(n, seconds);
        return (1e3 * times.Order().ElementAt(times.Count / 2), 1e3 * cpu / times.Count);
    }

    // The time of a step is taken between two calls of the trainer's own progress callback, so its loop is what is measured. On a
    // GPU that is the mean of some steps.
    private (List<double> Times, double Cpu, double Wall) Train(double seconds, bool bfloat16 = false)
    {
        var times = new List<double>();
        using var stop = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();
        var (cpu, begun) = (TimeSpan.Zero, TimeSpan.Zero);
        var last = -1L;   // the first ones are not timed: they set up
        var at = _device.type == DeviceType.CPU ? 1 : StepsAtOnce;
        Trainer.Fit(_flow, _data, options: _workload.Options with
        {
            Steps = long.MaxValue,
            BFloat16Convolutions = bfloat16,
            LogEvery = at,
            Cancellation = stop.Token,
            Progress = _ =>
            {
                var now = Stopwatch.GetTimestamp();
                if (last >= 0) times.Add(Stopwatch.GetElapsedTime(last, now).TotalSeconds / at);
                else (cpu, begun) = (Process.GetCurrentProcess().TotalProcessorTime, clock.Elapsed);
                last = now;
                if (clock.Elapsed.TotalSeconds >= seconds && times.Count > 1) stop.Cancel();
            },
        });
        return (times, (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds / at, (clock.Elapsed - begun)
            .TotalSeconds);
    }

    private (List<double> Times, double Cpu, double Wall) LogProb(long n, double seconds)
    {
        using var scope = NewDisposeScope();
        var x = _workload.Real(_workload.Draw(n));
        using var guard = torch.no_grad();
        return Repeat(() => _flow.LogProb(x), seconds);
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

    /// <summary>A model, its data and the training's settings.</summary>
    private sealed record Workload(Func<Flow> Build, Func<long, Tensor> Draw, int Batch, int Batches, int? Levels = null)
    {
        internal static Workload Of(string name) => name switch
        {
            "moons2d" => new(() => Architectures.RealNvp(2, 8, [64, 64]), n =>
                Toys.Moons((int)n, noise: 0.05), Batch: 256, Batches: 16),
            "tabular" => new(() => Architectures.RealNvp(64, 10, [256, 256]), n => Table(n, 64), Batch: 512, Batches: 16),
            "image" => new(() => Architectures.RealNvpImages([1, 32, 32], scales: 3, width: 32, blocks: 2), n =>
                Blobs(n, 32), Batch: 32, Batches: 4, Levels: 256),
            _ => throw new ArgumentException($"There is no workload {name}; there are moons2d, tabular and image."),
        };

        internal TrainingOptions Options => new() { BatchSize = Batch, Schedule = Schedule.Constant, Levels = Levels };

        /// <summary>Data as a density takes them: whole numbers dequantised.</summary>
        internal Tensor Real(Tensor x) => Levels is { } levels ? Dequantize.Uniform(x, levels) : x;

        private static Tensor Table(long n, int dim)
        {
            using var scope = NewDisposeScope();
            var mix = torch.randn(dim, dim) / Math.Sqrt(dim);
            return (torch.randn(n, dim).mm(mix).tanh() + 0.3 * torch.randn(n, dim)).MoveToOuterDisposeScope();
        }

        /// <summary>Grey images of one blob each, with an empty border.</summary>
        private static Tensor Blobs(long n, int size)
        {
            using var scope = NewDisposeScope();
            var centre = torch.rand(n, 2, 1, 1) * (size / 2) + size / 4;
            var at = torch.arange(size, float32);
            var (y, x) = (at.view(1, 1, size, 1) - centre.narrow(1, 0, 1), at.view(1, 1, 1, size) - centre.narrow(1, 1, 1));
            var inside = at.sub(size / 2 - 0.5).abs().lt(size / 2 - 2).to(float32);
            return ((y.square() + x.square()).div(-30).exp() * inside * inside.view(size, 1) * 255).to(ScalarType.Byte)
                .MoveToOuterDisposeScope();
        }
    }
}
