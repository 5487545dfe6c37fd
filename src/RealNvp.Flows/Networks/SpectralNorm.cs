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
    private const int Frequencies = 16;   // on each axis of a convolution's

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

    /// <summary>
    /// The same of a convolution with zero padding, on images of any size: at most the greatest singular value of W(f) = sum over
    /// the kernel of W_k exp(i f k) over all frequencies f, of which convolutions of the whole plane are made (Sedghi, Gupta,
    /// Long 2019, arXiv:1805.10408). Taken at n frequencies on each axis it is at most 1 / cos(pi r / n)^2 too small for a kernel
    /// that reaches r from its centre, as trigonometric polynomials of degree r are (Ehlich, Zeller 1964); 4 percent for 3 x 3.
    /// </summary>
    /// <param name="weight">[out, in, k, k], k odd.</param>
    internal static Tensor SquaredOfConvolution(Tensor weight)
    {
        if (weight.size(2) == 1) return Squared(weight.flatten(1));
        var (reach, smallest) = (weight.size(2) / 2, torch.finfo(weight.dtype).tiny);
        var (re, im) = AtFrequencies(weight);
        if (re.size(1) > re.size(2)) (re, im) = (re.transpose(1, 2), im.transpose(1, 2).neg());
        // G = W W^H as a real matrix of twice the side, [[Re, -Im], [Im, Re]], at each frequency: as blocks of one matrix.
        var (reT, imT) = (re.transpose(1, 2), im.transpose(1, 2));
        var (real, imaginary) = (re.matmul(reT) + im.matmul(imT), im.matmul(reT) - re.matmul(imT));
        var gram = torch.cat([torch.cat([real, imaginary.neg()], 2), torch.cat([imaginary, real], 2)], 1);
        return Schatten(gram, smallest) * Math.Pow(Math.Cos(Math.PI * reach / Frequencies), -4);
    }

    /// <summary>Real and imaginary part of W(f), [F, out, in]; frequencies of opposite sign have conjugate ones.</summary>
    private static (Tensor Re, Tensor Im) AtFrequencies(Tensor weight)
    {
        var (k, step) = ((int)weight.size(2), 2 * Math.PI / Frequencies);
        var angles = (from a in Enumerable.Range(0, Frequencies / 2 + 1)
                      from b in Enumerable.Range(0, Frequencies)
                      from row in Enumerable.Range(0, k)
                      from column in Enumerable.Range(0, k)
                      select step * (a * row + b * column)).ToArray();
        var phase = torch.tensor(angles, [angles.Length / (k * k), k * k], device: weight.device).to(weight.dtype);
        var kernel = weight.flatten(2).permute(2, 0, 1).flatten(1);   // [k k, out in]
        return (phase.cos().mm(kernel).view(-1, weight.size(0), weight.size(1)),
            phase.sin().mm(kernel).view(-1, weight.size(0), weight.size(1)));
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
            for (var k = 0; k < SquaringsInARound; k++, exponent /= 2) power = power.matmul(power);
        }
        return (power, log);
    }
}
