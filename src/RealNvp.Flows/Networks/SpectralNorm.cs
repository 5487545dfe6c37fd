using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// The square of a matrix's largest singular value, or a number just above it, by a few small products: an SVD costs many times
/// as much.
/// </summary>
internal static class SpectralNorm
{
    private const int Rounds = 3, SquaringsInARound = 3;
    private const int Power = 1 << (Rounds * SquaringsInARound);   // K

    /// <summary>
    /// For a smaller side of n = 1 or 2 the largest eigenvalue of G = W W^T or W^T W, in closed form; above that tr(G^(K + 1))^(1
    /// / (K + 1)) with K = 512, the square of the Schatten norm of order 2(K + 1): never below |W|_2^2 and at most n^(1 / (K +
    /// 1)) times it, 0.8 percent above for n = 64. It has first derivatives only.
    /// </summary>
    internal static Tensor Squared(Tensor weight)
    {
        var gram = weight.size(0) <= weight.size(1) ? weight.mm(weight.t()) : weight.t().mm(weight);
        var smallest = torch.finfo(weight.dtype).tiny;
        return gram.size(0) switch
        {
            1 => gram.sum(),
            2 => OfTwo(gram, smallest),
            _ => Schatten(gram, smallest),
        };
    }

    private static Tensor OfTwo(Tensor gram, double smallest)
    {
        var entries = gram.flatten().unbind(0);
        var (mean, half) = ((entries[0] + entries[3]) * 0.5, (entries[0] - entries[3]) * 0.5);
        // Two equal eigenvalues have a derivative too: that of one of them.
        return mean + (half.square() + entries[1].square() + smallest).sqrt();
    }

    private static Tensor Schatten(Tensor gram, double smallest)
    {
        var (power, logScale) = ScaledPower(gram.detach(), smallest);
        // The derivative of tr(G^(K + 1)) is (K + 1) G^K, and the root takes the K + 1 away: only the trace of G times the power
        // carries gradients.
        var trace = (gram * power).sum().clamp_min(smallest);
        var fixedTrace = trace.detach();
        var root = ((fixedTrace.log() + logScale) / (Power + 1.0)).exp();
        return trace * (root / fixedTrace);
    }

    /// <summary>G^K / s and log s.</summary>
    private static (Tensor Power, Tensor LogScale) ScaledPower(Tensor gram, double smallest)
    {
        using var guard = torch.no_grad();
        var (power, log, exponent) = (gram, gram.new_zeros([]), Power);
        for (var round = 0; round < Rounds; round++)
        {
            var squared = power.square().sum().clamp_min(smallest);
            log = log + squared.log() * (0.5 * exponent);
            power = power * squared.rsqrt();
            for (var k = 0; k < SquaringsInARound; k++, exponent /= 2) power = power.mm(power);
        }
        return (power, log);
    }
}
