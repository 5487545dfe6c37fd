using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace RealNvp.Benchmarks;

/// <summary>
/// What one operator on a tiny tensor costs, beside Python: slices of both sides take turns, and ratios are taken within a round.
/// </summary>
internal static class OperatorOverhead
{
    private const int Batch = 200;

    internal static void Run(int rounds, double seconds)
    {
        set_num_threads(1);
        using var python = new PythonPeer("peer.py", "1");
        Console.WriteLine($"libtorch {torch.__version__}, python {python.Version}; medians of {rounds} rounds of {seconds} s, "
            + "1 thread");
        Console.WriteLine($"{"operator",-16}{"C# ns",10}{"Python ns",12}{"ratio",8}   with "
            + $"gradients{"C# ns",8}{"Python ns",12}{"ratio",8}");
        var ratios = new List<double>();
        var (plain, grad) = (Operators(false), Operators(true));
        foreach (var name in plain.Keys)
        {
            var a = Compare(python, "plain", name, plain[name], rounds, seconds);
            var b = name == "in place" || name == "compare" ? a : Compare(python, "grad", name, grad[name], rounds, seconds);
            ratios.AddRange([a.Ratio, b.Ratio]);
            Console.WriteLine($"{name,-16}{a.Ours,10:F0}{a.Theirs,12:F0}{a.Ratio,8:F2}{"",17}{b.Ours,8:F0}{b.Theirs,12:F0}{b.Ratio,8:F2}");
        }
        Console.WriteLine($"median ratio {Median(ratios):F2}");
    }

    private static (double Ours, double Theirs, double Ratio) Compare(
        PythonPeer python, string mode, string name, Action call, int rounds, double seconds)
    {
        var (ours, theirs, ratios) = (new List<double>(), new List<double>(), new List<double>());
        using var guard = set_grad_enabled(mode == "grad");
        Slice(call, 0.05);   // compile
        for (var r = 0; r < rounds; r++)
        {
            ours.Add(Slice(call, seconds));
            theirs.Add(double.Parse(python.Ask(
                $"{mode}|{seconds.ToString(System.Globalization.CultureInfo.InvariantCulture)}|{name}"),
                System.Globalization.CultureInfo.InvariantCulture));
            ratios.Add(ours[^1] / theirs[^1]);
        }
        return (Median(ours), Median(theirs), Median(ratios));
    }

    // Median nanoseconds a call; each batch frees its tensors, as a training step does.
    private static double Slice(Action call, double seconds)
    {
        var times = new List<double>();
        var end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < end)
        {
            var start = Stopwatch.GetTimestamp();
            using (NewDisposeScope())
                for (var k = 0; k < Batch; k++) call();
            times.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / Batch);
        }
        return Median(times);
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static Dictionary<string, Action> Operators(bool grad)
    {
        var a = ones(1, requires_grad: grad);
        var b = ones(1);
        var m = ones(2, 2, requires_grad: grad);
        var w = ones(2, 2, requires_grad: grad);
        var c = ones(2, requires_grad: grad);
        var mask = tensor(new[,] { { true, false }, { false, true } });
        var s = zeros(1);
        return new()
        {
            ["add"] = () => _ = a + b,
            ["sub"] = () => _ = a - b,
            ["mul"] = () => _ = a * b,
            ["div"] = () => _ = a / b,
            ["add number"] = () => _ = a + 1.5,
            ["mul number"] = () => _ = a * 1.5,
            ["compare"] = () => _ = a > b,
            ["exp"] = () => a.exp(),
            ["tanh"] = () => a.tanh(),
            ["relu"] = () => F.relu(a),
            ["neg"] = () => _ = -a,
            ["clamp"] = () => a.clamp(-1.0, 1.0),
            ["sum"] = () => m.sum(),
            ["sum of rows"] = () => m.sum(1),
            ["matmul"] = () => m.matmul(w),
            ["linear"] = () => F.linear(m, w, c),
            ["cat"] = () => cat([m, w], 1),
            ["chunk"] = () => m.chunk(2, 1),
            ["narrow"] = () => m.narrow(1, 0, 1),
            ["where"] = () => where(mask, m, w),
            ["in place"] = () => s.add_(b),
        };
    }
}
