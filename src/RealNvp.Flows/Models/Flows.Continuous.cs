using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Numerics;

namespace RealNvp.Flows.Models;

public static partial class Flows
{
    /// <summary>
    /// FFJORD: a continuous flow with an MLP field and Hutchinson's trace (Grathwohl et al. 2019); in few dimensions the exact trace costs little more
    /// and has no noise.
    /// </summary>
    /// <param name="dim">Features.</param>
    /// <param name="hidden">Widths of the field's hidden layers; null is [64, 64].</param>
    /// <param name="trace">How the trace is taken; null is exact up to 4 dimensions, random signs above.</param>
    /// <param name="options">Solver and tolerances.</param>
    public static Flow Ffjord(int dim, int[]? hidden = null, TraceMethod? trace = null, OdeOptions? options = null) =>
        new(new ContinuousFlow(new MlpField(dim, hidden ?? [64, 64]), trace ?? (dim <= 4 ? TraceMethod.Exact : TraceMethod.Rademacher), options));

    /// <summary>Residual flow: contractive residual blocks (Behrmann et al. 2019; Chen et al. 2019).</summary>
    /// <param name="dim">Features.</param>
    /// <param name="layers">Blocks.</param>
    /// <param name="hidden">Widths of each block's hidden layers; null is [64, 64].</param>
    /// <param name="method">How log-determinants are taken; null is exact up to 8 dimensions, Russian roulette above.</param>
    /// <exception cref="ArgumentException">layers is below 1.</exception>
    public static Flow Residual(int dim, int layers = 6, int[]? hidden = null, ResidualLogDet? method = null)
    {
        if (layers < 1) throw new ArgumentException($"A flow has at least one layer, but was given {layers}.", nameof(layers));
        var how = method ?? (dim <= 8 ? ResidualLogDet.Exact : ResidualLogDet.RussianRoulette);
        return new(new Chain([.. Enumerable.Range(0, layers).Select(_ => new ResidualFlow(dim, hidden ?? [64, 64], how))]));
    }
}
