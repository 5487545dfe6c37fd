using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// From the unit sphere onto the cylinder around it, z = (atan2(x_2, x_1), x_3): an angle in [-pi, pi] and a height in [-1, 1].
/// It keeps areas (Archimedes), so logDet = 0 for densities over the sphere's area: the first step of a recursive flow on it
/// (Rezende et al. 2020, arXiv:2002.02428, section 2.3).
/// </summary>
/// <remarks>Where |x| is off 1 by more than 1e-4, the log-determinant is minus infinity; heights beyond +-1 are taken for
/// +-1.</remarks>
public sealed class SphereToCylinder : Bijection
{
    private const double Tolerance = 1e-4;

    /// <summary>Makes the map; it has no settings.</summary>
    public SphereToCylinder() : base(nameof(SphereToCylinder), [3], [2]) => RegisterComponents();

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var parts = x.unbind(1);
        var outside = (x.square().sum(1L) - 1).abs().gt(2 * Tolerance);
        return (torch.stack([torch.atan2(parts[1], parts[0]), parts[2]], 1),
            (x.sum(1L) * 0).masked_fill(outside, double.NegativeInfinity));
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var (angle, height) = (z.select(1, 0), z.select(1, 1).clamp(-1, 1));
        var radius = ((1 - height) * (1 + height)).sqrt();
        return (torch.stack([radius * angle.cos(), radius * angle.sin(), height], 1), z.sum(1L) * 0);
    }
}
