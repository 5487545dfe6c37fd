using RealNvp.Flows.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Inference;

/// <summary>
/// From a flow q to p by way of q^(1-b) p^b, b from 0 to 1: particles are weighed at each rise of b, drawn anew by weight and
/// moved by Hamiltonian steps in the flow's latents (Del Moral, Doucet, Jasra 2006; with flows Matthews et al. 2022,
/// arXiv:2201.13117). Each rise is as large as leaves half of the particles effective.
/// </summary>
/// <param name="X">Particles of p, [N, ...event], of equal weight.</param>
/// <param name="LogNormalizer">log Z, the sum of the rises' log mean weights.</param>
/// <param name="Temperatures">The b's, from the first above 0 to 1.</param>
/// <param name="Acceptance">The part of moves that were taken.</param>
public sealed record SequentialMonteCarlo(Tensor X, double LogNormalizer, IReadOnlyList<double> Temperatures, double Acceptance)
{
    private const double EffectivePart = 0.5;
    private const int MostRises = 1000;

    /// <summary>Runs it.</summary>
    /// <param name="flow">q; it is not trained.</param>
    /// <param name="logDensity">log p(x) up to a constant, [N] for events [N, ...event], differentiable in x.</param>
    /// <param name="particles">N.</param>
    /// <param name="moves">Hamiltonian moves after each rise.</param>
    /// <param name="leaps">Leapfrog steps of one move.</param>
    /// <param name="stepSize">Of the leapfrog, at the start; it follows what is accepted.</param>
    /// <param name="generator">Source of randomness; null is torch's global one.</param>
    /// <exception cref="ArgumentException">The flow takes a context, or the log-density gives no [N], or is not finite at any
    /// particle.</exception>
    public static SequentialMonteCarlo Run(Flow flow, Func<Tensor, Tensor> logDensity, int particles = 1000, int moves = 4,
        int leaps = 5, double stepSize = 0.2, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(logDensity);
        ArgumentOutOfRangeException.ThrowIfLessThan(particles, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(moves);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(leaps);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stepSize);
        UnnormalizedDensity.RequireUnconditional(flow);
        using var guard = torch.no_grad();
        using var mode = EvaluationMode.Of(flow);
        using var whole = NewDisposeScope();
        var z = flow.Base.Sample(particles, generator: generator);
        var (beta, logZ, accepted, moved) = (0.0, 0.0, 0.0, 0);
        var temperatures = new List<double>();
        while (beta < 1)
        {
            using var scope = NewDisposeScope();
            var gain = Gain(z);
            var rise = Rise(gain, 1 - beta);
            beta = rise == 1 - beta ? 1 : beta + rise;
            logZ += (gain * rise).logsumexp(0).ToDouble() - Math.Log(particles);
            temperatures.Add(beta);
            if (temperatures.Count > MostRises)
                throw new ArgumentException($"After {MostRises} rises the particles are still not at p: the flow is too far "
                    + "from it.", nameof(flow));
            var next = z.index_select(0, Systematic((gain * rise).softmax(0), generator));
            for (var k = 0; k < moves; k++)
            {
                var (after, _, acceptance) = Hamiltonian.Move(Tempered, next, stepSize, leaps, generator);
                next = after;
                stepSize = Hamiltonian.Adapted(stepSize, acceptance, moved++);
                accepted += acceptance;
            }
            z.Dispose();
            z = scope.MoveToOuter(next.alias());
        }
        return new(whole.MoveToOuter(flow.Bijection.Inverse(z).X), logZ, temperatures, moved == 0 ? 0 : accepted / moved);

        // log p - log q, in the latents: both densities have the flow's log-determinant.
        Tensor Gain(Tensor latents)
        {
            var log = UnnormalizedDensity.AtLatents(flow, logDensity, latents).LogDensity - flow.Base.LogProb(latents);
            const double Nothing = double.NegativeInfinity;
            return log.isfinite().any().ToBoolean() ? log.to(float64).nan_to_num(Nothing, Nothing, Nothing)
                : throw new ArgumentException("The log-density is not finite at any event that the flow drew.",
                    nameof(logDensity));
        }

        Tensor Tempered(Tensor latents) => flow.Base.LogProb(latents) * (1 - beta)
            + UnnormalizedDensity.AtLatents(flow, logDensity, latents).LogDensity * beta;
    }

    /// <summary>The largest rise, up to what is left, that leaves so many particles effective.</summary>
    private static double Rise(Tensor gain, double left)
    {
        double Effective(double rise)
        {
            using var scope = NewDisposeScope();
            return 1 / (gain * rise).softmax(0).square().sum().ToDouble() / gain.size(0);
        }
        if (Effective(left) >= EffectivePart) return left;
        var (low, high) = (0.0, left);
        for (var k = 0; k < 50; k++)
        {
            var middle = (low + high) / 2;
            (low, high) = Effective(middle) >= EffectivePart ? (middle, high) : (low, middle);
        }
        return high;
    }

    /// <summary>Each particle as often as N times its weight says, rounded by one common uniform draw (Kitagawa 1996).</summary>
    private static Tensor Systematic(Tensor weights, Generator? generator)
    {
        var n = weights.size(0);
        var points = (torch.arange(n, dtype: float64) + torch.rand([1], float64, generator: generator)) / n;
        return torch.searchsorted(weights.cpu().cumsum(0), points).clamp_max(n - 1).to(weights.device);
    }
}
