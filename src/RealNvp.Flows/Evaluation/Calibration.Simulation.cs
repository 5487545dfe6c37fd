using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Evaluation;

public static partial class Calibration
{
    /// <summary>
    /// Simulation-based calibration: the rank of each true parameter among draws of the posterior of its own data, which is
    /// uniform on 0 .. L where the posterior is right and parameters come from its prior (Talts et al. 2018, arXiv:1804.06788).
    /// Ranks crowd at both ends where the posterior is too narrow, in the middle where it is too wide, at one end where it is
    /// shifted.
    /// </summary>
    /// <param name="theta">Parameters [N, D], from the prior.</param>
    /// <param name="draws">Draws [L, N, D]: draws[l, n] from the posterior of the data that theta[n] made.</param>
    /// <returns>How many draws lie below, [N, D], of whole numbers 0 .. L.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or a value is not finite.</exception>
    public static Tensor Ranks(Tensor theta, Tensor draws)
    {
        RequireDraws(theta, draws);
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(draws.lt(theta.unsqueeze(0)).sum(0L));
    }

    /// <summary>Ranks as numbers in (0, 1), (rank + v) / (L + 1) with v uniform: uniform without steps where ranks are, for
    /// <see cref="AgainstUniform"/>.</summary>
    /// <param name="ranks">Whole numbers 0 .. L of any shape.</param>
    /// <param name="draws">L.</param>
    /// <param name="generator">Source of v; null is torch's global one.</param>
    /// <returns>Of the ranks' shape, float64.</returns>
    public static Tensor Spread(Tensor ranks, long draws, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(draws);
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        Data.Finite.Require(ranks, nameof(ranks));
        if (ranks.numel() > 0 && (ranks.lt(0) | ranks.gt(draws)).any().ToBoolean())
            throw new ArgumentException($"Ranks among {draws} draws are 0 to {draws}, but these run from "
                + $"{ranks.min().ToDouble():g6} to {ranks.max().ToDouble():g6}.", nameof(ranks));
        var v = torch.rand(ranks.shape, torch.float64, generator: generator).to(ranks.device);
        return scope.MoveToOuter((ranks.to(torch.float64) + v) / (draws + 1));
    }

    /// <summary>
    /// Tests of accuracy with random points: the part of the posterior's draws that lie nearer to a reference point than the true
    /// parameter does. Uniform on (0, 1) for every choice of reference points if and only if the posterior is right (TARP; Lemos,
    /// Coogan, Hezaveh, Perreault-Levasseur 2023, arXiv:2302.03026). Its distribution function is the expected coverage.
    /// </summary>
    /// <param name="theta">Parameters [N, D], from the prior.</param>
    /// <param name="draws">Draws [L, N, D]: draws[l, n] from the posterior of the data that theta[n] made.</param>
    /// <param name="references">A point for each, [N, D]; it may depend on the data, not on theta. Null: uniform in the box of
    /// all parameters.</param>
    /// <param name="generator">Source of reference points and of v in (count + v) / (L + 1), which leaves no steps; null is
    /// torch's global one.</param>
    /// <returns>[N], float64, for <see cref="AgainstUniform"/> and <see cref="EmpiricalCdf"/>.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, a value is not finite, or a parameter does not
    /// vary.</exception>
    public static Tensor RandomPointCoverage(Tensor theta, Tensor draws, Tensor? references = null, Generator? generator = null)
    {
        RequireDraws(theta, draws);
        if (references is not null && !references.shape.SequenceEqual(theta.shape))
            throw new ArgumentException($"There is a reference point for each of the parameters {Shapes.Text(theta.shape)}, but "
                + $"was given {Shapes.Text(references.shape)}.", nameof(references));
        if (references is not null) Data.Finite.Require(references, nameof(references));
        Data.Finite.RequireFittable(nameof(RandomPointCoverage), theta, nameof(theta));
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var (low, high) = (theta.amin([0]), theta.amax([0]));
        var points = references
            ?? low + (high - low) * torch.rand(theta.shape, theta.dtype, generator: generator).to(theta.device);
        // In units of each parameter's range, else the widest would decide alone.
        Tensor Distance(Tensor from) => ((from - points) / (high - low)).square().sum(-1);
        var nearer = Distance(draws).lt(Distance(theta).unsqueeze(0)).sum(0L);
        return scope.MoveToOuter(Spread(nearer, draws.size(0), generator));
    }

    private static void RequireDraws(Tensor theta, Tensor draws)
    {
        Shapes.Require(nameof(Calibration), theta, null, nameof(theta));
        ArgumentNullException.ThrowIfNull(draws);
        if (theta.dim() != 2 || draws.dim() != 3 || draws.size(0) == 0 || theta.size(0) == 0
            || !draws.shape[1..].SequenceEqual(theta.shape))
            throw new ArgumentException($"Parameters [N, D] go with draws [L, N, D], but were given "
                + $"{Shapes.Text(theta.shape)} and {Shapes.Text(draws.shape)}.", nameof(draws));
        Data.Finite.Require(theta, nameof(theta));
        Data.Finite.Require(draws, nameof(draws));
    }
}
