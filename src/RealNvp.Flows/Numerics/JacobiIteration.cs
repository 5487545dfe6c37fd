using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Numerics;

/// <summary>
/// Solves x = f(x) where part k of f(x) depends on the parts of x before k only: each pass computes all parts anew from the last
/// guess, and after pass k the first k are right, so that T passes are exact (Song, Meng, Liao, Ermon 2021, arXiv:2002.03629,
/// proposition 1).
/// </summary>
internal static class JacobiIteration
{
    private const double FarthestGuess = 1e15;   // of a part that is not right yet; its square is a number of float32

    /// <summary>Passes until one changes no event by more than a tolerance, relative to 1 + |x|, and T at most.</summary>
    /// <param name="map">f, event by event.</param>
    /// <param name="start">The first guess [N, ...event]; an event of it that is not finite has no say in when to stop.</param>
    /// <param name="parts">T.</param>
    /// <param name="tolerance">At 0, passes go on until nothing changes at all.</param>
    internal static (Tensor X, int Passes) Solve(Func<Tensor, Tensor> map, Tensor start, int parts, double tolerance)
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var spoiled = start.isfinite().logical_not().flatten(1).any(1).view([-1, .. Enumerable.Repeat(1L, (int)start.dim() - 1)]);
        var x = start.alias();
        for (var pass = 1; ; pass++)
        {
            using var inner = NewDisposeScope();
            // A part whose turn is still to come may have left all bounds, and 0 times infinity would spoil what is masked.
            var guess = torch.where(spoiled, x, x.nan_to_num(0).clamp(-FarthestGuess, FarthestGuess));
            var next = map(guess);
            var still = ((next - x).abs() <= (next.abs() + 1) * tolerance).logical_or(spoiled).all().ToBoolean();
            x = x.ReplacedBy(inner.MoveToOuter(next));
            if (still || pass >= parts) return (scope.MoveToOuter(x), pass);
        }
    }
}
