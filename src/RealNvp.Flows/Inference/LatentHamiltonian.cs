using RealNvp.Flows.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Inference;

/// <summary>
/// Hamiltonian Monte Carlo in a flow's latents: where the flow is near p, its latents are near normal, and moves that would be
/// hard in x are easy in z (NeuTra; Hoffman et al. 2019, arXiv:1903.03704).
/// </summary>
public static class LatentHamiltonian
{
    /// <summary>Runs chains that start at draws of the flow; the warm-up finds the step size.</summary>
    /// <param name="flow">The flow; it is not trained.</param>
    /// <param name="logDensity">log p(x) up to a constant, [N] for events [N, ...event], differentiable in x.</param>
    /// <param name="chains">Chains side by side.</param>
    /// <param name="steps">Steps that are kept.</param>
    /// <param name="warmup">Steps before them, in which the step size changes.</param>
    /// <param name="stepSize">Of the leapfrog, at the start.</param>
    /// <param name="leaps">Leapfrog steps of one move.</param>
    /// <param name="generator">Source of randomness; null is torch's global one.</param>
    /// <exception cref="ArgumentException">The flow takes a context, or the log-density gives no [N].</exception>
    public static ChainSample Run(Flow flow, Func<Tensor, Tensor> logDensity, int chains = 64, int steps = 500, int warmup = 100,
        double stepSize = 0.2, int leaps = 8, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(logDensity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(chains);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        ArgumentOutOfRangeException.ThrowIfNegative(warmup);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stepSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(leaps);
        UnnormalizedDensity.RequireUnconditional(flow);
        using var guard = torch.no_grad();
        using var mode = EvaluationMode.Of(flow);
        using var whole = NewDisposeScope();
        var z = flow.Base.Sample(chains, generator: generator);
        var kept = new List<Tensor>();
        var accepted = 0.0;
        for (var step = -warmup; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            var (next, _, acceptance) = Hamiltonian.Move(
                latents => UnnormalizedDensity.AtLatents(flow, logDensity, latents).LogDensity, z, stepSize, leaps, generator);
            z.Dispose();
            z = scope.MoveToOuter(next);
            if (step < 0) stepSize = Hamiltonian.Adapted(stepSize, acceptance, step + warmup);
            if (step < 0) continue;
            accepted += acceptance;
            kept.Add(scope.MoveToOuter(flow.Bijection.Inverse(z).X));
        }
        return new(whole.MoveToOuter(torch.stack(kept.ToArray(), 0)), accepted / steps, stepSize);
    }
}
