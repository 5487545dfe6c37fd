using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>z = log(1 + exp(x)), from the line onto the positive half: log dz/dx = -log(1 + exp(-x)). Any event shape.</summary>
public sealed class Softplus : ElementwiseBijection
{
    /// <summary>Makes the map; it has no settings.</summary>
    public Softplus() : base(nameof(Softplus)) => RegisterComponents();

    internal override (double Low, double High)? Image => (0, double.PositiveInfinity);

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogDerivative) ForwardCore(Tensor x) => (Softplus(x), Softplus(x.neg()).neg());

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDerivative) InverseCore(Tensor y)
    {
        var log = y.neg().expm1().neg().log();   // log(1 - exp(-y))
        return (y + log, log.neg());
    }
}
