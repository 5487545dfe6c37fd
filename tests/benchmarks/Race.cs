using System.Globalization;
using TorchSharp;

namespace RealNvp.Benchmarks;

/// <summary>
/// A side of a comparison: what it is called, and how it times its calls for so many seconds, in milliseconds a call.
/// </summary>
internal sealed record Side(string Name, Func<double, (double Wall, double Processor)> Time);

/// <summary>
/// Sides that do the same work: their slices take turns, and ratios are taken within a round, so that a machine whose
/// speed changes does not decide.
/// </summary>
internal static class Race
{
    /// <summary>
    /// Prints medians, and the ratios of the first side to each of the others: median, lowest and highest by the clock; median
    /// of processor time.
    /// </summary>
    internal static void Run(string title, int rounds, double seconds, params Side[] sides)
    {
        foreach (var side in sides) side.Time(seconds);   // all compile and warm up
        var times = sides.ToDictionary(side => side, _ => new List<(double Wall, double Processor)>());
        for (var r = 0; r < rounds; r++)
            foreach (var side in sides) times[side].Add(side.Time(seconds));
        Console.WriteLine($"{title,-34}{"ms",10}{"processor ms",14}{$"{sides[0].Name} over it",34}{"processor",11}");
        foreach (var side in sides)
        {
            var wall = Ratios(times[sides[0]], times[side], t => t.Wall);
            var processor = Ratios(times[sides[0]], times[side], t => t.Processor);
            var ratios = side == sides[0] ? "" : string.Create(CultureInfo.InvariantCulture,
                $"{$"{Median(wall):f2} ({wall[0]:f2} to {wall[^1]:f2})",34}{Median(processor),11:f2}");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {side.Name,-32}{Median(times[side].Select(t => t.Wall)),10:f2}"
                + $"{Median(times[side].Select(t => t.Processor)),14:f2}{ratios}"));
        }
        Console.Out.Flush();
    }

    /// <summary>What is compared, on how many threads.</summary>
    internal static void Head(PythonPeer python, int rounds, double seconds, int threads) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"libtorch {torch.__version__}; Python: {python.Version}; medians of {rounds} rounds of {seconds} s, {threads} "
            + $"thread(s)"));

    private static double[] Ratios(
        List<(double, double)> mine, List<(double, double)> other, Func<(double Wall, double Processor), double> of) =>
        [.. mine.Zip(other, (a, b) => of(a) / of(b)).Order()];

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
