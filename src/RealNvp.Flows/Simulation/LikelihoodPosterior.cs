using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Inference;
using RealNvp.Flows.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Simulation;

/// <summary>
/// A posterior known up to its normaliser, p(theta | x_1 .. x_M) ~ p(theta) prod_m q(x_m | theta): sampled by particles that
/// anneal from the prior (<see cref="SequentialMonteCarlo"/>), or by weights of another density's samples
/// (<see cref="ImportanceSample"/>, a <see cref="NeuralPosterior"/>'s for one).
/// </summary>
public sealed class LikelihoodPosterior
{
    private const int ForScale = 4000;     // prior draws that the particles' space is scaled by
    private const long LargestBatch = 65_536;

    private readonly NeuralLikelihood likelihood;
    private readonly Distribution prior;
    private readonly Tensor x;

    internal LikelihoodPosterior(NeuralLikelihood likelihood, Distribution prior, Tensor x)
    {
        (this.likelihood, this.prior, this.x) = (likelihood, prior, x.DetachFromDisposeScope());
    }

    /// <summary>Observations.</summary>
    public long Observations => x.size(0);

    /// <summary>
    /// log p(theta) + sum_m log q(x_m | theta), the posterior's log-density up to a constant, [N]; differentiable in theta.
    /// </summary>
    /// <param name="theta">Parameters [N, D].</param>
    /// <exception cref="ArgumentException">theta has another shape, or another precision than the estimator.</exception>
    public Tensor LogDensity(Tensor theta)
    {
        using var scope = NewDisposeScope();
        var before = prior.LogProb(theta);
        var (n, m) = (theta.size(0), x.size(0));
        var sums = new List<Tensor>();
        for (var (at, rows) = (0L, Math.Max(1, LargestBatch / m)); at < n; at += rows)
        {
            var part = theta.narrow(0, at, Math.Min(rows, n - at));
            var pairs = likelihood.LogProb(x.repeat(part.size(0), 1), part.repeat_interleave(m, 0));
            sums.Add(pairs.view(-1, m).sum(1L) + likelihood.LogValid(part) * m);
        }
        return scope.MoveToOuter(sums.Count == 0 ? before : before + torch.cat(sums.ToArray(), 0));
    }

    /// <summary>Draws by sequential Monte Carlo from the prior; its log-normaliser is the evidence log p(x).</summary>
    /// <param name="particles">Draws.</param>
    /// <param name="moves">Hamiltonian moves after each rise of the temperature.</param>
    /// <param name="generator">Source of randomness; null is torch's global one.</param>
    public SequentialMonteCarlo Sample(int particles = 1000, int moves = 6, Generator? generator = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(particles, 2);
        using var scope = NewDisposeScope();
        using var start = Start(generator);
        var sample = SequentialMonteCarlo.Run(start, LogDensity, particles, moves, generator: generator);
        scope.MoveToOuter(sample.X);
        return sample;
    }

    /// <summary>Draws from another density, weighed by this one.</summary>
    /// <param name="proposal">A density of the parameters, close to the posterior and with mass wherever it has some.</param>
    /// <param name="count">Draws.</param>
    /// <param name="generator">Source of randomness; null is torch's global one.</param>
    public ImportanceSample Weigh(Distribution proposal, long count, Generator? generator = null) =>
        ImportanceSample.Draw(proposal, LogDensity, count, generator);

    /// <summary>
    /// A flow near the prior, onto its support where that is known: for a uniform prior exactly the prior, as the logit of a
    /// uniform number is logistic.
    /// </summary>
    private Flow Start(Generator? generator)
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var supports = Support.Of(prior);
        var draws = prior.Sample(ForScale, generator: generator).to(torch.get_default_dtype(), CPU);
        var toLine = supports is null || Support.AreFree(supports) ? null : Support.ToLine(supports);
        var z = toLine is null ? draws : toLine.Forward(Support.OffTheEnds(supports!, draws)).Z;
        var spread = z.std(0L) * (Math.Sqrt(3) / Math.PI);   // the standard logistic's deviation is pi / sqrt 3
        var scale = new Standardize(z.mean([0]), spread);
        return new(toLine is null ? scale : new Chain(toLine, scale), new Logistic(z.size(1)));
    }
}
