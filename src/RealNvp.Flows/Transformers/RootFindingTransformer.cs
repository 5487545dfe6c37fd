using RealNvp.Flows.Numerics;
using static TorchSharp.torch;

namespace RealNvp.Flows.Transformers;

/// <summary>
/// A transformer without a formula for its inverse: known by y and dy/dx, inverted by <see cref="RootFinding"/>, and
/// differentiated through the implicit function theorem.
/// </summary>
public abstract class RootFindingTransformer : Transformer
{
    private protected RootFindingTransformer(string name) : base(name)
    {
    }

    /// <summary>x to y and dy/dx, with the parameters h [N, P d, ...] of elements of a shape [N, d, ...] read once.</summary>
    private protected abstract Func<Tensor, (Tensor Y, Tensor Slope)> Map(Tensor h, long[] shape);

    /// <inheritdoc/>
    protected internal sealed override (Tensor Y, Tensor? LogDerivative) Forward(Tensor x, Tensor h)
    {
        var (y, slope) = Map(h, x.shape)(x);
        return (y, slope.log());
    }

    /// <inheritdoc/>
    protected internal sealed override (Tensor X, Tensor? LogDerivative) Inverse(Tensor y, Tensor h)
    {
        var map = Map(h, y.shape);
        var x = RootFinding.Solve(map, y);
        return (x, map(x).Slope.log().neg());
    }
}
