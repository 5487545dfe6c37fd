using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Numerics;

namespace RealNvp.Flows.Models;

public static partial class Flows
{
    /// <summary>
    /// FFJORD: a continuous flow with an MLP field and Hutchinson's trace (Grathwohl et al. 2019); in few dimensions the exact trace costs little
    /// more and has no noise.
    /// </summary>
    /// <param name="dim">Features.</param>
    /// <param name="hidden">Widths of the field's hidden layers; null is [64, 64].</param>
    /// <param name="trace">How the trace is taken; null is exact up to 4 dimensions, random signs above.</param>
    /// <param name="options">Solver and tolerances.</param>
    /// <param name="gradient">Through the solver's steps, or by the adjoint equation, whose memory does not grow with their number.</param>
    /// <param name="contextSize">Features of a context; null for none.</param>
    public static Flow Ffjord(int dim, int[]? hidden = null, TraceMethod? trace = null, OdeOptions? options = null,
        OdeGradient gradient = OdeGradient.Direct, long? contextSize = null) =>
        new(new ContinuousFlow(new MlpField(dim, hidden ?? [64, 64], contextSize), trace ?? (dim <= 4 ? TraceMethod.Exact : TraceMethod.Rademacher), options, gradient));
}
