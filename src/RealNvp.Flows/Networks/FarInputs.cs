using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// What a network sees of numbers far out: x itself within [-c, c], and beyond a growth as log(1 + |x| - c), or up to a limit as
/// a tanh. A network goes on linearly where it saw no data, so that a transformer far out would stretch and press beyond the
/// digits of float32; a coupling stays exact whatever it reads.
/// </summary>
/// <param name="From">c.</param>
/// <param name="Most">The limit, above c; null for growth without end.</param>
internal sealed record FarInputs(double From, double? Most = null)
{
    /// <summary>Of a spline that bends [-bound, bound]: the last quarter is where what is seen levels off.</summary>
    internal static FarInputs OfSpline(double bound) => new(0.75 * bound, bound);

    /// <summary>x as it is seen, of its shape.</summary>
    internal Tensor Seen(Tensor x)
    {
        var beyond = (x.abs() - From).clamp_min(0);
        var grown = Most is { } most ? (beyond / (most - From)).tanh() * (most - From) : beyond.log1p();
        return x.clamp(-From, From) + x.sign() * grown;
    }
}
