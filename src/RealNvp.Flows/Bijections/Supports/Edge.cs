using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>Numbers next to the end of a support.</summary>
internal static class Edge
{
    private const double Reach = 128;   // above the largest |log x| of float32, which slopes are multiplied by

    /// <summary>
    /// log x for x above 0, whose slope 1 / x is held at its value of 128 times the smallest normal number: the value is right
    /// and gradients are finite down to the last number above 0.
    /// </summary>
    internal static Tensor Log(Tensor x)
    {
        var least = torch.finfo(x.dtype).tiny * Reach;
        var known = x.detach();
        return torch.where(known.lt(least), known.log() + (x - known) / least, x.clamp_min(least).log());
    }

    /// <summary>The next number above each of x.</summary>
    internal static Tensor Above(Tensor x) => x.nextafter(torch.full_like(x, double.PositiveInfinity));

    /// <summary>The next number below each of x.</summary>
    internal static Tensor Below(Tensor x) => x.nextafter(torch.full_like(x, double.NegativeInfinity));

    /// <summary>The largest x whose exponential, n of which are added, is still a number.</summary>
    internal static double LargestExponent(Tensor x, long n = 1) => Math.Log(torch.finfo(x.dtype).max) - Math.Log(n) - 1e-3;
}
