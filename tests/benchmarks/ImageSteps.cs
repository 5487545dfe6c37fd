using System.Globalization;
using TorchSharp;

namespace RealNvp.Benchmarks;

/// <summary>
/// Training steps of the library's multi-scale Real NVP, by its own trainer, beside one written by hand in Python on the same libtorch (Python/image.py). Slices
/// of both sides take turns, and ratios are taken within a round. Random bytes on the one side, blobs on the other: the arithmetic is the same.
/// </summary>
internal static class ImageSteps
{
    internal static void Run(int rounds, double seconds, int threads)
    {
        // Before libtorch loads: its pools read the environment then.
        foreach (var pool in new[] { "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS" }) Environment.SetEnvironmentVariable(pool, $"{threads}");
        torch.set_num_threads(threads);
        using var python = new PythonPeer("image.py", $"{threads}");
        var server = new FlowServer("image");
        var line = string.Create(CultureInfo.InvariantCulture, $"train {seconds}");
        server.TimeTraining(seconds);   // both sides compile and warm up
        python.Ask(line);
        var (ours, theirs) = (new List<(double Wall, double Processor)>(), new List<(double Wall, double Processor)>());
        for (var r = 0; r < rounds; r++)
        {
            ours.Add(server.TimeTraining(seconds));
            double[] answer = [.. python.Ask(line).Split(' ').Select(s => double.Parse(s, CultureInfo.InvariantCulture))];
            theirs.Add((answer[0], answer[1]));
        }
        Console.WriteLine($"libtorch {torch.__version__}, python {python.Version}; medians of {rounds} rounds of {seconds} s, {threads} thread(s)");
        Show("by the clock", ours.Select(c => c.Wall), theirs.Select(c => c.Wall));
        Show("processor time", ours.Select(c => c.Processor), theirs.Select(c => c.Processor));
    }

    private static void Show(string what, IEnumerable<double> ours, IEnumerable<double> theirs)
    {
        double[] ratios = [.. ours.Zip(theirs, (a, b) => a / b).Order()];
        Console.WriteLine($"{what}: C# {Median(ours):F0} ms a step, Python {Median(theirs):F0} ms, ratio {Median(ratios):F2} ({ratios[0]:F2} to {ratios[^1]:F2})");
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
