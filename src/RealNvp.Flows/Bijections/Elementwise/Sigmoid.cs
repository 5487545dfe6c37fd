using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// z = 1 / (1 + exp(-x)), from the line onto (0, 1): log dz/dx = -log(1 + exp(x)) - log(1 + exp(-x)). Any event shape.
/// </summary>
public sealed class Sigmoid : ElementwiseBijection
{
    /// <summary>Makes the map; it has no settings.</summary>
    public Sigmoid() : base(nameof(Sigmoid)) => RegisterComponents();

    internal override (double Low, double High)? Image => (0, 1);

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogDerivative) ForwardCore(Tensor x) =>
        (x.sigmoid(), (Softplus(x) + Softplus(x.neg())).neg());

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDerivative) InverseCore(Tensor y)
    {
        var (log, log1Minus) = (y.log(), y.neg().log1p());
        return (log - log1Minus, (log + log1Minus).neg());
    }
}
