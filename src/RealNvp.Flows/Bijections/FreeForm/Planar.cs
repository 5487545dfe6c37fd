using RealNvp.Flows.Numerics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// z = x + u tanh(w.x + b), a bend along a plane: logDet = log|1 + (1 - tanh^2) w.u|. It is invertible when w.u is at least -1,
/// which is enforced by replacing u with u + (m(w.u) - w.u) w / |w|^2, m(a) = (1 - e) (log(1 + exp(a)) - 1), with a margin e =
/// 1e-3 that rounding cannot cross (Rezende, Mohamed 2015, arXiv:1505.05770, section 4.1 and appendix A.1).
/// </summary>
/// <remarks>
/// The inverse solves one increasing equation for each event, alpha + w.u tanh(alpha + b) = w.z, by root finding.
/// </remarks>
public sealed class Planar : Bijection
{
    private const double Margin = 1e-3;

    private readonly Parameter direction;
    private readonly Parameter normal;
    private readonly Parameter offset;

    /// <summary>Starts at small random numbers.</summary>
    public Planar(int d) : base(nameof(Planar), Arguments.Vector(nameof(Planar), d))
    {
        using var scope = NewDisposeScope();
        direction = new Parameter(torch.randn(d) * 0.1);
        normal = new Parameter(torch.randn(d) / Math.Sqrt(d));
        offset = new Parameter(torch.zeros(1));
        RegisterComponents();
    }

    /// <summary>u made invertible, and w.u.</summary>
    private (Tensor U, Tensor Product) Enforced()
    {
        var product = normal.dot(direction);
        var allowed = (torch.logaddexp(product, torch.zeros_like(product)) - 1) * (1 - Margin);
        return (direction + normal * ((allowed - product) / normal.dot(normal)), allowed);
    }

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (u, product) = Enforced();
        var bend = (x.mv(normal) + offset).tanh();
        return (x + bend.unsqueeze(1) * u, LogDet(bend, product));
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var (u, product) = Enforced();
        var along = RootFinding.Solve(a =>
        {
            var bend = (a + offset).tanh();
            return (a + bend * product, (1 - bend * bend) * product + 1);
        }, z.mv(normal));
        var at = (along + offset).tanh();
        return (z - at.unsqueeze(1) * u, LogDet(at, product).neg());
    }

    private static Tensor LogDet(Tensor bend, Tensor product) => ((1 - bend * bend) * product).log1p();
}
