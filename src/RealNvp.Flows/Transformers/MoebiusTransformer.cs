using RealNvp.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Transformers;

/// <summary>
/// A mean of Moebius maps of the circle, then a turn: y = x - 2 sum_k w_k arg(1 - conj(m_k) exp(i x)) + t with weights w on the
/// simplex and points m inside the unit circle, dy/dx = sum_k w_k (1 - |m_k|^2) / |exp(i x) - m_k|^2 (Rezende et al. 2020,
/// arXiv:2002.02428, section 2.1.1). Angles are in radians, any number stands for its angle, and what comes out lies in [-pi,
/// pi).
/// </summary>
/// <remarks>
/// 3 K + 1 parameters for each element: two for each m = 0.99 r / (1 + |r|^2)^(1/2), K logits and the turn. Parameters of zero
/// are the identity. All derivatives of the density are continuous all around. The inverse is found by root finding and
/// differentiated through the implicit function theorem.
/// </remarks>
public sealed class MoebiusTransformer : Transformer
{
    private const double Furthest = 0.99;   // |m|: slopes lie between 0.005 and 199

    private readonly int components;

    /// <summary>Sets the number of maps, K.</summary>
    /// <exception cref="ArgumentOutOfRangeException">components is not positive.</exception>
    public MoebiusTransformer(int components = 8) : base("moebius")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(components);
        this.components = components;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int ParametersPerElement => 3 * components + 1;

    /// <inheritdoc/>
    protected internal override (Tensor Y, Tensor? LogDerivative) Forward(Tensor x, Tensor h)
    {
        var maps = Read(h, x.shape);
        var (y, slope) = maps.At(x);
        return (Circle.Wrap(y + maps.Turn), slope.log());
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor? LogDerivative) Inverse(Tensor y, Tensor h)
    {
        var maps = Read(h, y.shape);
        var x = RootFinding.Solve(maps.At, Circle.Wrap(y - maps.Turn));
        return (Circle.Wrap(x), maps.At(x).Slope.log().neg());
    }

    private Maps Read(Tensor h, long[] shape)
    {
        var perElement = SigmoidUnits.PerElement(h, shape, ParametersPerElement);
        var (a, b) = (perElement.narrow(-1, 0, components), perElement.narrow(-1, components, components));
        var scale = (a.square() + b.square() + 1).rsqrt() * Furthest;
        return new(a * scale, b * scale, perElement.narrow(-1, 2 * components, components).softmax(-1),
            perElement.select(-1, 3 * components));
    }

    /// <inheritdoc/>
    public override string ToString() => $"mean of {components} Moebius maps";

    /// <summary>m = A + i B and w, [N, d, ..., K], and the turn [N, d, ...].</summary>
    private sealed record Maps(Tensor A, Tensor B, Tensor Weights, Tensor Turn)
    {
        /// <summary>The mean of the maps before the turn, increasing on the whole line, and its slope.</summary>
        internal (Tensor Y, Tensor Slope) At(Tensor x)
        {
            var (cos, sin) = (x.cos().unsqueeze(-1), x.sin().unsqueeze(-1));
            var (along, across) = (A * cos + B * sin, A * sin - B * cos);   // conj(m) exp(i x)
            var angle = torch.atan2(across.neg(), 1 - along);
            var size = A.square() + B.square();
            var slope = (1 - size) / (1 - along * 2 + size);
            return (x - (Weights * angle).sum(-1L) * 2, (Weights * slope).sum(-1L));
        }
    }
}
