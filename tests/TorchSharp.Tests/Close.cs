using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

internal static class Close
{
    /// <summary>float64 against float64 of another build: what differs is the order of sums, some units in the last place.</summary>
    internal const double Float64 = 1e-12;

    internal static void Equal(Tensor expected, Tensor actual, string what, double tolerance = Float64)
    {
        Assert.True(expected.shape.SequenceEqual(actual.shape),
            $"{what}: expected [{string.Join(", ", expected.shape)}], got [{string.Join(", ", actual.shape)}]");
        using var scope = NewDisposeScope();
        var e = expected.detach().to(float64);
        var a = actual.detach().to(float64);
        var error = e.numel() == 0 ? 0 : ((a - e).abs() / (e.abs() + 1)).max().ToDouble();
        Assert.True(error <= tolerance, $"{what}: off by {error} relative to 1 + |expected|");
    }
}
