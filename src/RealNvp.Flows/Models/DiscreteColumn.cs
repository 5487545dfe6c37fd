using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Models;

/// <summary>
/// A column of whole numbers under a continuous density: real numbers v that stand for each value x, drawn from q(v | x) by a
/// change of noise w on the line, and the value that v stands for, always x again.
/// </summary>
internal abstract class DiscreteColumn
{
    /// <summary>What the columns of v may hold; as many numbers of noise are taken.</summary>
    internal abstract IReadOnlyList<Support> Lifted { get; }

    /// <summary>v [N, m] of x [N, 1] by noise w [N, m], and log|det dv/dw|, [N].</summary>
    internal abstract (Tensor V, Tensor LogDet) Lift(Tensor x, Tensor w);

    /// <summary>x [N, 1] that v [N, m] stands for.</summary>
    internal abstract Tensor Lower(Tensor v);

    /// <summary>What networks see of x [N, 1], [N, features].</summary>
    /// <param name="x">The column.</param>
    /// <param name="scaled">The same in deviations from its mean.</param>
    internal abstract Tensor Seen(Tensor x, Tensor scaled);

    /// <summary>Features of <see cref="Seen"/>.</summary>
    internal abstract int SeenFeatures { get; }

    /// <summary>
    /// Dequantisation: v = x + sigmoid(w), x = floor(v) (Theis, van den Oord, Bethge 2016, arXiv:1511.01844; Ho, Chen, Srinivas,
    /// Duan, Abbeel 2019, arXiv:1902.00275, where w is learned).
    /// </summary>
    internal sealed class Dequantized(double low, double high) : DiscreteColumn
    {
        internal override IReadOnlyList<Support> Lifted { get; } = [Support.Between(low, high + 1)];

        internal override (Tensor V, Tensor LogDet) Lift(Tensor x, Tensor w)
        {
            // u stays so far inside of (0, 1) that x + u is rounded to neither end.
            var edge = (x.abs() + 1) * torch.finfo(x.dtype).eps;
            var u = torch.maximum(edge, torch.minimum(1 - edge, w.sigmoid()));
            return (x + u, (nn.functional.logsigmoid(w) + nn.functional.logsigmoid(w.neg())).sum(1L));
        }

        internal override Tensor Lower(Tensor v) => v.floor().clamp(low, high);

        internal override Tensor Seen(Tensor x, Tensor scaled) => scaled;

        internal override int SeenFeatures => 1;
    }

    /// <summary>
    /// Argmax: v in R^K whose greatest element is that of the category, v_c = w_c and v_i = w_c - softplus(w_c - w_i) else
    /// (Hoogeboom, Nielsen, Jaini, Forré, Welling 2021, arXiv:2102.05379, section 3.2, thresholding).
    /// </summary>
    internal sealed class Argmax(int kinds) : DiscreteColumn
    {
        internal override IReadOnlyList<Support> Lifted { get; } = [.. Enumerable.Repeat(Support.Real, kinds)];

        internal override (Tensor V, Tensor LogDet) Lift(Tensor x, Tensor w)
        {
            var own = OneHot(x);
            var top = torch.where(own, w, torch.zeros_like(w)).sum(1, keepdim: true);
            var below = top - w;
            // Where w_i is far above w_c, softplus is less than what w_c is rounded by, and v_i would reach it.
            var gap = torch.maximum(nn.functional.softplus(below, 1, 20), (top.abs() + 1) * torch.finfo(x.dtype).eps);
            return (torch.where(own, w, top - gap),
                torch.where(own, torch.zeros_like(w), nn.functional.logsigmoid(below)).sum(1L));
        }

        internal override Tensor Lower(Tensor v) => v.argmax(1, keepdim: true).to(v.dtype);

        internal override Tensor Seen(Tensor x, Tensor scaled) => OneHot(x).to(x.dtype);

        internal override int SeenFeatures => kinds;

        private Tensor OneHot(Tensor x) => x.eq(torch.arange(kinds, dtype: x.dtype, device: x.device));
    }
}
