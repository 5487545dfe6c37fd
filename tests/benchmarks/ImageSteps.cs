using System.Globalization;
using TorchSharp;

namespace RealNvp.Benchmarks;

/// <summary>
/// Training steps of the library's multi-scale Real NVP, by its own trainer, in float32 and with bfloat16 convolutions, beside one written by hand in Python on the same libtorch (Python/image.py). Slices
/// of all sides take turns, and ratios are taken within a round. Random bytes on the one side, blobs on the other: the arithmetic is the same.
/// </summary>
internal static class ImageSteps
{
    private static readonly bool[] Precisions = [false, true];

    internal static void Run(int rounds, double seconds, int threads)
    {
        // Before libtorch loads: its pools read the environment then.
        foreach (var pool in new[] { "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS" }) Environment.SetEnvironmentVariable(pool, $"{threads}");
        torch.set_num_threads(threads);
        using var python = new PythonPeer("image.py", $"{threads}");
        var server = new FlowServer("image");
        var line = string.Create(CultureInfo.InvariantCulture, $"train {seconds}");
        foreach (var bfloat16 in Precisions) server.TimeTraining(seconds, bfloat16);   // all sides compile and warm up
        python.Ask(line);
        var ours = Precisions.ToDictionary(bfloat16 => bfloat16, _ => new List<(double Wall, double Processor)>());
        var theirs = new List<(double Wall, double Processor)>();
        for (var r = 0; r < rounds; r++)
        {
            foreach (var bfloat16 in Precisions) ours[bfloat16].Add(server.TimeTraining(seconds, bfloat16));
            double[] answer = [.. python.Ask(line).Split(' ').Select(s => double.Parse(s, CultureInfo.InvariantCulture))];
            theirs.Add((answer[0], answer[1]));
        }
        Console.WriteLine($"libtorch {torch.__version__}, python {python.Version} (float32); medians of {rounds} rounds of {seconds} s, {threads} thread(s)");
        foreach (var bfloat16 in Precisions)
        {
            var convolutions = bfloat16 ? "bfloat16 convolutions" : "float32";
            Show($"{convolutions}, by the clock", ours[bfloat16].Select(c => c.Wall), theirs.Select(c => c.Wall));
            Show($"{convolutions}, processor time", ours[bfloat16].Select(c => c.Processor), theirs.Select(c => c.Processor));
        }
    }

    private static void Show(string what, IEnumerable<double> ours, IEnumerable<double> theirs)
    {
        double[] ratios = [.. ours.Zip(theirs, (a, b) => a / b).Order()];
        Console.WriteLine($"{what}: C# {Median(ours):F0} ms a step, Python {Median(theirs):F0} ms, ratio {Median(ratios):F2} ({ratios[0]:F2} to {ratios[^1]:F2})");
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
