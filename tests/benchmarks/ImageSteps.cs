using System.Globalization;
using TorchSharp;

namespace RealNvp.Benchmarks;

/// <summary>
/// Training steps of the library's multi-scale Real NVP, by its own trainer, beside one written by hand in Python on the same libtorch (Python/image.py): in float32 and with
/// bfloat16 convolutions, and on a GPU with the step captured as a graph. Slices of all sides take turns, and ratios are taken within a round. Random bytes on the one
/// side, blobs on the other: the arithmetic is the same.
/// </summary>
internal static class ImageSteps
{
    /// <summary>A side: what it is called, and how it times its steps for so many seconds, in milliseconds.</summary>
    private sealed record Side(string Name, Func<double, (double Wall, double Processor)> Time);

    internal static void Run(int rounds, double seconds, int threads, string device, int batch)
    {
        // Before libtorch loads: its pools read the environment then.
        foreach (var pool in new[] { "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS" }) Environment.SetEnvironmentVariable(pool, $"{threads}");
        torch.set_num_threads(threads);
        using var python = new PythonPeer("image.py", $"{threads}", device, $"{batch}");
        var server = new FlowServer("image", device, batch);
        var onGpu = device != "cpu";
        Side Python(string name, string precision) => new($"Python, {name}", s => Numbers(python.Ask(string.Create(CultureInfo.InvariantCulture, $"{precision} {s}"))));
        Side Library(string name, bool bfloat16 = false, bool capture = false) => new($"C#, {name}", s => server.TimeTraining(s, bfloat16, capture));
        Side[] sides =
        [
            Python("float32", "float32"), Library("float32"), Library("bfloat16 convolutions", bfloat16: true),
            .. onGpu ? [Python("bfloat16 autocast", "bfloat16"), Library("float32, captured", capture: true), Library("bfloat16 convolutions, captured", true, true)] : Array.Empty<Side>(),
        ];
        foreach (var side in sides) side.Time(seconds);   // all sides compile and warm up
        var times = sides.ToDictionary(side => side, _ => new List<(double Wall, double Processor)>());
        for (var r = 0; r < rounds; r++)
            foreach (var side in sides) times[side].Add(side.Time(seconds));
        Console.WriteLine($"libtorch {torch.__version__}, {python.Version}; batch {batch}; medians of {rounds} rounds of {seconds} s, {threads} thread(s)");
        Console.WriteLine($"{"",-36}{"ms a step",10}{"ratio to Python, float32",36}{"processor ms",14}{"ratio",22}");
        foreach (var side in sides)
        {
            var (mine, reference) = (times[side], times[sides[0]]);
            Console.WriteLine($"{side.Name,-36}{Median(mine.Select(t => t.Wall)),10:f1}{Ratios(mine.Select(t => t.Wall), reference.Select(t => t.Wall)),36}"
                + $"{Median(mine.Select(t => t.Processor)),14:f1}{Ratios(mine.Select(t => t.Processor), reference.Select(t => t.Processor)),22}");
        }
    }

    private static string Ratios(IEnumerable<double> mine, IEnumerable<double> reference)
    {
        double[] ratios = [.. mine.Zip(reference, (a, b) => a / b).Order()];
        return $"{Median(ratios):f2} ({ratios[0]:f2} to {ratios[^1]:f2})";
    }

    private static (double Wall, double Processor) Numbers(string answer)
    {
        double[] numbers = [.. answer.Split(' ').Select(s => double.Parse(s, CultureInfo.InvariantCulture))];
        return (numbers[0], numbers[1]);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
