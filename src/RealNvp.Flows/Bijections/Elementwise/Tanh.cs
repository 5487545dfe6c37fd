using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>z = tanh(x), from the line onto (-1, 1): log dz/dx = 2 (log 2 - x - log(1 + exp(-2 x))). Any event shape.</summary>
public sealed class Tanh : ElementwiseBijection
{
    /// <summary>Makes the map; it has no settings.</summary>
    public Tanh() : base(nameof(Tanh)) => RegisterComponents();

    internal override (double Low, double High)? Image => (-1, 1);

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogDerivative) ForwardCore(Tensor x) =>
        (x.tanh(), (Softplus(x * -2) + x - Math.Log(2)) * -2);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDerivative) InverseCore(Tensor y) => (y.atanh(), (y.log1p() + y.neg().log1p()).neg());
}
