using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// z = exp(x), from the line onto the positive half: log dz/dx = x. Any event shape. What is not positive has an inverse of 0
/// with a log-determinant of minus infinity: a flow through the inverse has no mass there.
/// </summary>
public sealed class Exp : ElementwiseBijection
{
    /// <summary>Makes the map; it has no settings.</summary>
    public Exp() : base(nameof(Exp)) => RegisterComponents();

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogDerivative) ForwardCore(Tensor x)
    {
        var most = Edge.LargestExponent(x);
        return (x.clamp(-most, most).exp(), x.alias());   // positive and finite, as far as x may lie
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDerivative) InverseCore(Tensor y)
    {
        var outside = y.le(0) | y.isposinf();
        var x = Edge.Log(y.masked_fill(outside, 1));
        return (x, x.neg().masked_fill(outside, double.NegativeInfinity));
    }
}
