using RealNvp.Flows.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Evaluation;

/// <summary>
/// Whether events fall where a density says, as often as it says: transforms that are uniform on (0, 1) where the density is
/// right.
/// </summary>
public static partial class Calibration
{
    /// <summary>
    /// The probability integral transform through a flow, u = Phi(f(x)) for each latent: independent uniforms where the flow is
    /// the data's density (Rosenblatt 1952; Diebold, Gunther, Tay 1998). Values crowd at 0 and 1 where the flow is too narrow, in
    /// the middle where it is too wide.
    /// </summary>
    /// <param name="flow">A flow on a standard normal base.</param>
    /// <param name="x">Events [N, ...event].</param>
    /// <param name="context">One context for each event; only for conditional flows.</param>
    /// <returns>[N, D], float64, without gradients.</returns>
    /// <exception cref="ArgumentException">The base is another one, or a value is not finite; row and column are
    /// named.</exception>
    public static Tensor Pit(Flow flow, Tensor x, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (flow.Base is not StandardNormal)
            throw new ArgumentException($"This transform needs a flow on a standard normal base, but the base is {flow.Base}.",
                nameof(flow));
        ArgumentNullException.ThrowIfNull(x);
        Data.Finite.Require(x, nameof(x));
        using var guard = torch.no_grad();
        using var mode = EvaluationMode.Of(flow);
        using var scope = NewDisposeScope();
        var z = flow.Bijection.Forward(x, context).Z.to(torch.float64).flatten(1);
        return scope.MoveToOuter(0.5 * torch.special.erfc(z * (-1 / Math.Sqrt(2))));
    }

    /// <summary>
    /// For any density in any dimension: u = the part of the density's own samples that are likelier than x, so that x lies in
    /// the highest-density region of level u (Hyndman 1996). Uniform up to steps of 1 / samples where the density is right.
    /// </summary>
    /// <param name="density">The density.</param>
    /// <param name="x">Events [N, ...event].</param>
    /// <param name="samples">Samples that regions are measured with.</param>
    /// <param name="generator">Source of randomness; null is torch's global one.</param>
    /// <param name="context">One context for each event; only for conditional densities, whose samples are drawn under each
    /// anew.</param>
    /// <returns>[N], float64, without gradients.</returns>
    /// <exception cref="ArgumentException">A value is not finite; row and column are named.</exception>
    public static Tensor HighestDensityLevel(Distribution density, Tensor x, int samples = 4096, Generator? generator = null,
        Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(density);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        Data.Finite.Require(x, nameof(x));
        using var guard = torch.no_grad();
        using var mode = EvaluationMode.Of(density);
        using var scope = NewDisposeScope();
        if (density.ContextSize is null) return scope.MoveToOuter(LikelierPart(density, x, samples, generator, context));
        Shapes.RequireContext(density.GetName(), context, density.ContextSize, x.size(0));
        var levels = new List<Tensor>();
        for (var k = 0L; k < x.size(0); k++)
        {
            using var inner = NewDisposeScope();
            levels.Add(LikelierPart(density, x.narrow(0, k, 1), samples, generator, context!.narrow(0, k, 1))
                .MoveToOuterDisposeScope());
        }
        return scope.MoveToOuter(levels.Count == 0 ? torch.zeros([0], torch.float64) : torch.cat(levels, 0));
    }

    /// <summary>
    /// The part of the density's own samples that are likelier than each event, all under one context [1, ContextSize] or none.
    /// </summary>
    private static Tensor LikelierPart(Distribution density, Tensor x, int samples, Generator? generator, Tensor? context)
    {
        var all = context?.expand(samples, context.size(1));
        var own = density.LogProb(density.Sample(samples, all, generator), all).to(torch.float64).sort().Values;
        var below = torch.searchsorted(own, density.LogProb(x, context).to(torch.float64), right: true);
        return (samples - below.to(torch.float64)) / samples;
    }

    /// <summary>
    /// The Kolmogorov-Smirnov distance of values in (0, 1) from uniform, and the probability of one as large, 2 sum_k (-1)^(k-1)
    /// exp(-2 k^2 t^2) with t = (sqrt n + 0.12 + 0.11 / sqrt n) D (Stephens 1970).
    /// </summary>
    /// <param name="u">[n].</param>
    public static (double Distance, double PValue) AgainstUniform(Tensor u)
    {
        ArgumentNullException.ThrowIfNull(u);
        if (u.dim() != 1 || u.size(0) == 0)
            throw new ArgumentException($"Values [n] are tested, at least one, but was given {Shapes.Text(u.shape)}.", nameof(u));
        Data.Finite.Require(u, nameof(u));
        var distance = TwoSample.KolmogorovSmirnov(u, sorted => sorted.clamp(0, 1));
        var root = Math.Sqrt(u.size(0));
        var t = (root + 0.12 + 0.11 / root) * distance;
        if (t < 0.2) return (distance, 1);   // the series needs many terms there, and is 1 to twelve digits
        var p = 0.0;
        for (var k = 1; k <= 100; k++) p += (k % 2 == 1 ? 2 : -2) * Math.Exp(-2.0 * k * k * t * t);
        return (distance, Math.Clamp(p, 0, 1));
    }
}
