using RealNvp.Flows.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Simulation;

/// <summary>What one round came to.</summary>
/// <param name="PriorMass">The part of the prior that its parameters were drawn from.</param>
/// <param name="Asked">Draws.</param>
/// <param name="Failed">Draws left out.</param>
public sealed record TruncatedRound(double PriorMass, long Asked, long Failed);

/// <summary>
/// Truncated sequential posterior estimation for one observation (TSNPE; Deistler, Goncalves, Macke 2022, arXiv:2210.04815): each
/// round simulates from the prior inside the highest-density region of the posterior so far, {theta: q(theta | x) at least its
/// e-quantile over samples of q}. What is left of the prior is only cut, not reweighed, so the loss stays maximum likelihood and
/// the pairs of all rounds serve.
/// </summary>
/// <param name="Posterior">The estimator after the last round; it is good near the observation only.</param>
/// <param name="Pairs">The pairs of all rounds.</param>
/// <param name="Rounds">What each round came to.</param>
public sealed record TruncatedRounds(NeuralPosterior Posterior, Simulations Pairs, IReadOnlyList<TruncatedRound> Rounds)
{
    private const int ForQuantile = 10_000;
    private const int ForMass = 20_000;

    /// <summary>Runs it.</summary>
    /// <param name="prior">A density of vectors [D]; it has to outlive the result.</param>
    /// <param name="simulator">From parameters [n, D] to data [n, ...].</param>
    /// <param name="x">The observation.</param>
    /// <param name="rounds">Rounds; the first draws from the whole prior.</param>
    /// <param name="perRound">Draws of each.</param>
    /// <param name="outside">e: the part of the posterior that a round may cut off.</param>
    /// <param name="options">Embedding, which goes on from round to round, flow and training of each.</param>
    /// <param name="simulation">How the simulator is run.</param>
    /// <param name="generator">Source of the parameters' randomness; null is torch's global one.</param>
    /// <param name="progress">Called after each round.</param>
    /// <exception cref="ArgumentException">A number is senseless, or what <see cref="Simulations.Draw"/> and
    /// <see cref="NeuralPosterior.Fit"/> refuse.</exception>
    public static TruncatedRounds Run(Distribution prior, Func<Tensor, Tensor> simulator, Tensor x, int rounds = 5,
        int perRound = 1000, double outside = 1e-4, EstimatorOptions? options = null,
        SimulationOptions? simulation = null, Generator? generator = null, Action<TruncatedRound>? progress = null)
    {
        Simulations.RequirePrior(prior);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rounds);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(perRound);
        if (!(outside is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(outside), outside, "The part cut off lies between 0 and 1.");
        using var scope = NewDisposeScope();
        var pairs = Simulations.Draw(prior, simulator, perRound, generator, simulation);
        var reports = new List<TruncatedRound> { new(1, pairs.Asked, pairs.Failed) };
        var posterior = NeuralPosterior.Fit(prior, pairs, options);
        progress?.Invoke(reports[^1]);
        var proposal = prior;
        for (var round = 1; round < rounds; round++)
        {
            var before = proposal;
            var (region, least) = Region(posterior.At(x), outside, generator);
            proposal = new Restricted(before, theta => region.LogProb(theta).ge(least));
            var more = Simulations.Draw(proposal, simulator, perRound, generator, simulation);
            // Its mass by the prior's own draws: rejection has just shown that there is some.
            reports.Add(new(reports[^1].PriorMass * MassIn(before, region, least, generator), more.Asked, more.Failed));
            pairs = pairs.And(more);
            posterior = NeuralPosterior.Fit(prior, pairs, options);
            progress?.Invoke(reports[^1]);
        }
        foreach (var kept in new[] { pairs.Theta, pairs.X, pairs.FailedTheta }) scope.MoveToOuter(kept);
        return new(posterior, pairs, reports);
    }

    /// <summary>The density, and the log-density that a part e of its samples falls below.</summary>
    private static (Distribution Density, double Least) Region(Distribution posterior, double outside, Generator? generator)
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var sorted = posterior.LogProb(posterior.Sample(ForQuantile, generator: generator)).to(torch.float64).sort().Values;
        return (posterior, sorted[(long)(outside * ForQuantile)].ToDouble());
    }

    private static double MassIn(Distribution before, Distribution region, double least, Generator? generator)
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        return region.LogProb(before.Sample(ForMass, generator: generator)).ge(least).to(torch.float64).mean().ToDouble();
    }
}
