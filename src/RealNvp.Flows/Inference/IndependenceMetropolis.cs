using RealNvp.Flows.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Inference;

/// <summary>
/// Chains whose proposals are fresh draws of a model q, taken with probability min(1, w(x') / w(x)), w = p / q: they leave p as
/// it is, and jump between its modes as far as q knows them (Tierney 1994; Albergo, Kanwar, Shanahan 2019, arXiv:1904.12072).
/// </summary>
public static class IndependenceMetropolis
{
    /// <summary>Runs chains that start at draws of q.</summary>
    /// <param name="q">The model, a flow say.</param>
    /// <param name="logDensity">log p(x) up to a constant, [N] for events [N, ...event].</param>
    /// <param name="chains">Chains side by side.</param>
    /// <param name="steps">Steps that are kept.</param>
    /// <param name="warmup">Steps before them.</param>
    /// <param name="generator">Source of randomness; null is torch's global one.</param>
    /// <exception cref="ArgumentException">q takes a context, or the log-density gives no [N].</exception>
    public static ChainSample Run(Distribution q, Func<Tensor, Tensor> logDensity, int chains = 64, int steps = 1000,
        int warmup = 100, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(logDensity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(chains);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        ArgumentOutOfRangeException.ThrowIfNegative(warmup);
        UnnormalizedDensity.RequireUnconditional(q);
        using var guard = torch.no_grad();
        using var mode = EvaluationMode.Of(q);
        using var whole = NewDisposeScope();
        var (x, logWeight) = Proposal();
        var kept = new List<Tensor>();
        var taken = 0.0;
        for (var step = -warmup; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            var (next, nextWeight) = Proposal();
            var u = torch.rand([chains], float64, generator: generator).log().to(logWeight.device);
            var take = u.lt(nextWeight - logWeight);
            if (step >= 0) taken += take.to(float64).mean().ToDouble();
            var old = (x, logWeight);
            x = scope.MoveToOuter(torch.where(take.view([chains, .. q.EventShape.Select(_ => 1L)]), next, x));
            logWeight = scope.MoveToOuter(torch.where(take, nextWeight, logWeight));
            if (step >= 0) kept.Add(x);
            else old.x.Dispose();
            old.logWeight.Dispose();
        }
        return new(whole.MoveToOuter(torch.stack(kept.ToArray(), 0)), taken / steps, 0);

        (Tensor X, Tensor LogWeight) Proposal()
        {
            var (drawn, log) = q.SampleWithLogProb(chains, generator: generator);
            return (drawn, UnnormalizedDensity.At(logDensity, drawn).to(float64) - log.to(float64));
        }
    }
}
