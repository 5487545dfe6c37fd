using System.Diagnostics;
using System.Globalization;
using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Benchmarks;

/// <summary>
/// Peak memory of a training step against depth: each in a process of its own, since a process's peak only rises.
/// </summary>
internal static class Depth
{
    private const int Batch = 4096;
    private const int Steps = 3;

    internal static void Run(int[] depths)
    {
        Console.WriteLine($"Peak memory of {Steps} training steps above that of the model and data, batch {Batch}, width 64, MiB");
        Console.WriteLine($"{"depth",-8}{"real nvp",12}{"continuous, direct",22}{"continuous, adjoint",22}");
        foreach (var depth in depths is [] ? [4, 8, 16, 32, 64] : depths)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{depth,-8}{InProcess(depth, "real-nvp"),12:f0}{InProcess(depth, "direct"),22:f0}{InProcess(depth, "adjoint"),22:f0}"));
        Console.WriteLine("depth is couplings of Real NVP, and Runge-Kutta steps of the continuous flow");
    }

    /// <summary>Prints the MiB of one model at one depth.</summary>
    internal static void Measure(int depth, string kind)
    {
        torch.set_num_threads(1);
        torch.manual_seed(1);
        Flow Continuous(OdeGradient gradient) =>
            Architectures.Ffjord(2, options: new() { Method = Flows.Numerics.OdeMethod.RungeKutta4, Steps = depth },
            gradient: gradient);
        var flow = kind switch
        {
            "real-nvp" => Architectures.RealNvp(2, depth),
            "direct" => Continuous(OdeGradient.Direct),
            "adjoint" => Continuous(OdeGradient.Adjoint),
            _ => throw new ArgumentException($"There is no {kind}; there are real-nvp, direct and adjoint."),
        };
        using var x = torch.randn(Batch, 2);
        flow.LogProb(x.narrow(0, 0, 8)).mean().neg().backward();   // what the first step loads
        var before = Peak();
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            flow.zero_grad();
            flow.LogProb(x).mean().neg().backward();
        }
        Console.WriteLine(((Peak() - before) / 1048576.0).ToString("r", CultureInfo.InvariantCulture));
    }

    private static double InProcess(int depth, string kind)
    {
        using var process = Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!, ["depth-of", depth.ToString(CultureInfo.InvariantCulture), kind])
            {
                RedirectStandardOutput = true,
            })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? double.Parse(output, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"Measuring {kind} at depth {depth} ended with code {process.ExitCode}.");
    }

    private static long Peak()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
