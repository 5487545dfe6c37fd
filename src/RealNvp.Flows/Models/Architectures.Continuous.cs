using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Numerics;

namespace RealNvp.Flows.Models;

public static partial class Architectures
{
    /// <summary>
    /// FFJORD: a continuous flow with an MLP field and Hutchinson's trace (Grathwohl et al. 2019, arXiv:1810.01367); in few
    /// dimensions the exact trace costs little more and has no noise.
    /// </summary>
    /// <param name="dim">Features.</param>
    /// <param name="hidden">Widths of the field's hidden layers; null is [64, 64].</param>
    /// <param name="trace">How the trace is taken; null is exact up to 4 dimensions, random signs above.</param>
    /// <param name="options">Solver and tolerances.</param>
    /// <param name="gradient">Through the solver's steps, or by the adjoint equation, whose memory does not grow with their
    /// number.</param>
    /// <param name="contextSize">Features of a context; null for none.</param>
    /// <exception cref="ArgumentException">A size is below 1, or an option is senseless.</exception>
    public static Flow Ffjord(int dim, int[]? hidden = null, TraceMethod? trace = null, OdeOptions? options = null,
        OdeGradient gradient = OdeGradient.Direct, long? contextSize = null)
    {
        RequireFeatures(dim);
        return new(new ContinuousFlow(new MlpField(dim, hidden ?? [64, 64], contextSize), trace
            ?? (dim <= 4 ? TraceMethod.Exact : TraceMethod.Rademacher), options, gradient));
    }

    /// <summary>
    /// A continuous flow to be taught by <see cref="Training.Trainer.FitVelocity"/>, with a field that sees the data's detail
    /// (flow matching; Lipman et al. 2023, arXiv:2210.02747). Standardise the data first.
    /// </summary>
    /// <param name="dim">Features.</param>
    /// <param name="hidden">Widths of the field's hidden layers; null is [64, 64, 64].</param>
    /// <param name="options">Solver and tolerances of densities and samples.</param>
    /// <param name="trace">How the trace is taken; null is exact, by dim reverse passes.</param>
    /// <param name="contextSize">Features of a context; null for none.</param>
    public static Flow FlowMatching(int dim, int[]? hidden = null, OdeOptions? options = null, TraceMethod? trace = null,
        long? contextSize = null)
    {
        RequireFeatures(dim);
        return new(new ContinuousFlow(new TimeScaledField(dim, hidden, contextSize), trace ?? TraceMethod.Exact, options));
    }
}
