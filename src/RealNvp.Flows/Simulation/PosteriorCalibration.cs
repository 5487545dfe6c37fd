using RealNvp.Flows.Distributions;
using RealNvp.Flows.Evaluation;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Simulation;

/// <summary>
/// Whether an amortised posterior is right on average over fresh pairs: ranks of each parameter (simulation-based calibration),
/// and coverage around reference points (TARP). A posterior that does not look at the data passes both, but for reference points
/// that are made from the data.
/// </summary>
/// <param name="Ranks">Of the true parameters among the draws, [N, D], 0 .. L.</param>
/// <param name="Draws">L.</param>
/// <param name="Parameters">For each parameter the Kolmogorov-Smirnov distance of its ranks from uniform, and the probability of
/// one as large.</param>
/// <param name="Levels">Of the random points, [N], uniform where the posterior is right.</param>
/// <param name="Coverage">Their Kolmogorov-Smirnov distance from uniform, and the probability of one as large.</param>
public sealed record PosteriorCalibration(Tensor Ranks, long Draws, IReadOnlyList<(double Distance, double PValue)> Parameters,
    Tensor Levels, (double Distance, double PValue) Coverage)
{
    private const long LargestBatch = 65_536;

    /// <summary>Draws from the posterior of each pair's data and compares.</summary>
    /// <param name="posterior">A density of [D] whose contexts are data, a <see cref="NeuralPosterior"/> say.</param>
    /// <param name="pairs">Pairs that the posterior was not fitted to, with parameters from its prior.</param>
    /// <param name="draws">L, draws for each pair.</param>
    /// <param name="generator">Source of randomness; null is torch's global one.</param>
    /// <param name="references">Points that coverage is counted around, as in <see cref="Calibration.RandomPointCoverage"/>,
    /// [N, D].</param>
    /// <exception cref="ArgumentException">The posterior takes no context, or does not fit the pairs.</exception>
    public static PosteriorCalibration Of(Distribution posterior, Simulations pairs, int draws = 200,
        Generator? generator = null, Tensor? references = null)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        using var scope = NewDisposeScope();
        var samples = Draw(posterior, pairs, draws, generator);
        return scope.MoveToOuter(From(pairs.Theta, samples, generator, references));
    }

    /// <summary>Compares with draws that are there already.</summary>
    /// <param name="theta">Parameters [N, D], from the prior.</param>
    /// <param name="draws">[L, N, D], draws[l, n] from the posterior of the data that theta[n] made.</param>
    /// <param name="generator">Source of random points; null is torch's global one.</param>
    /// <param name="references">Points that coverage is counted around, [N, D]; they may depend on the data, not on theta. Null:
    /// uniform in the box of all parameters, which do not notice a posterior that ignores the data.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or a value is not finite.</exception>
    public static PosteriorCalibration From(Tensor theta, Tensor draws, Generator? generator = null, Tensor? references = null)
    {
        using var scope = NewDisposeScope();
        var ranks = Calibration.Ranks(theta, draws);
        var spread = Calibration.Spread(ranks, draws.size(0), generator);
        var levels = Calibration.RandomPointCoverage(theta, draws, references, generator);
        var made = new PosteriorCalibration(ranks, draws.size(0),
            [.. spread.unbind(1).Select(Calibration.AgainstUniform)], levels, Calibration.AgainstUniform(levels));
        return scope.MoveToOuter(made);
    }

    /// <summary>Draws for the data of each pair, [draws, N, D].</summary>
    internal static Tensor Draw(Distribution posterior, Simulations pairs, int draws, Generator? generator)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(draws);
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var x = pairs.X.flatten(1);
        Shapes.RequireContext(posterior.GetName(), x, posterior.ContextSize, pairs.Count, nameof(pairs));
        var (n, parts) = (x.size(0), new List<Tensor>());
        for (var (at, rows) = (0L, Math.Max(1, LargestBatch / draws)); at < n; at += rows)
        {
            var part = x.narrow(0, at, Math.Min(rows, n - at));
            var theta = posterior.Sample(part.size(0) * draws, part.repeat(draws, 1), generator);
            parts.Add(theta.view([draws, part.size(0), .. posterior.EventShape]));
        }
        return scope.MoveToOuter(torch.cat(parts.ToArray(), 1));
    }

    /// <summary>Whether nothing speaks against the posterior at a level, shared out among all tests (Bonferroni).</summary>
    /// <param name="level">The probability of calling a right posterior wrong.</param>
    public bool IsRight(double level = 0.01) =>
        Parameters.Append(Coverage).Min(test => test.PValue) >= level / (Parameters.Count + 1);

    /// <summary>A line for each test.</summary>
    public override string ToString() => string.Join('\n', [
        .. Parameters.Select((test, k) => FormattableString.Invariant(
            $"ranks of parameter {k}: distance {test.Distance:f3} from uniform, p {test.PValue:f3}")),
        FormattableString.Invariant($"coverage around random points: distance {Coverage.Distance:f3}, p {Coverage.PValue:f3}")]);
}

internal static class CalibrationScope
{
    /// <summary>Hands a result's tensors to the outer scope.</summary>
    internal static PosteriorCalibration MoveToOuter(this DisposeScope scope, PosteriorCalibration made)
    {
        scope.MoveToOuter(made.Ranks, made.Levels);
        return made;
    }
}
