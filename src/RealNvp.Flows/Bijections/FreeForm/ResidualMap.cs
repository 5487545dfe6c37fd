using RealNvp.Flows.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// The map z = x + g(x) of a contraction g with its log-determinant, and its inverse; see <see cref="ResidualFlow"/>.
/// </summary>
internal sealed class ResidualMap(Contraction g, ResidualLogDet method, int terms)
{
    private const int LargestIterations = 5000;

    /// <summary>Holds a bound of g's Lipschitz constant to leave the map invertible.</summary>
    internal static void RequireCoefficient(double coefficient)
    {
        if (!(coefficient is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(coefficient), coefficient, "The coefficient lies in (0, 1).");
    }

    /// <summary>z = x + g(x), [N, d], and log det(I + J), [N].</summary>
    internal (Tensor Z, Tensor LogDet) Forward(Tensor x)
    {
        var (value, slopes) = g.ValueAndSlopes(x);
        return (x + value, method == ResidualLogDet.Exact ? LogDet(g.TransposedJacobian(x, slopes)) : Series(x, slopes));
    }

    /// <summary>The x [N, d] with x + g(x) = z, and minus the log-determinant there.</summary>
    internal (Tensor X, Tensor LogDet) Inverse(Tensor z)
    {
        var root = Root(z.detach());
        if (torch.is_grad_enabled())
        {
            // One Newton step with a constant Jacobian at the root: it moves next to nothing, and carries the implicit function's
            // gradients.
            var miss = root + g.Value(root) - z;
            root = root - NewtonStep(root, miss);
        }
        return (root, Forward(root).LogDet.neg());
    }

    /// <summary>
    /// The x with x + g(x) = z, by event: of the fixed point's step, which shrinks what is missed by L at least, and Newton's,
    /// which is free to do better, the one that misses less; until an event's miss shrinks no further.
    /// </summary>
    private Tensor Root(Tensor z)
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var enough = torch.finfo(z.dtype).eps;
        var x = z - g.Value(z);
        var miss = x + g.Value(x) - z;
        for (var k = 0; k < LargestIterations; k++)
        {
            using var inner = NewDisposeScope();
            var (next, nextMiss) = Tried(z, x - miss);
            if (method == ResidualLogDet.Exact)
                (next, nextMiss) = Better(next, nextMiss, Tried(z, x - NewtonStep(x, miss)));
            // Not a number compares as false: an event that is spoiled does not count, and stays what it is.
            var goesOn = Size(nextMiss).lt(Size(miss)).logical_and(Size(miss).gt((z.abs().amax([1]) + 1) * enough));
            var rows = goesOn.unsqueeze(1);
            (x, miss) = (inner.MoveToOuter(torch.where(rows, next, x)), inner.MoveToOuter(torch.where(rows, nextMiss, miss)));
            if (!goesOn.any().ToBoolean()) break;
        }
        return scope.MoveToOuter(x.alias());
    }

    private (Tensor X, Tensor Miss) Tried(Tensor z, Tensor x) => (x, x + g.Value(x) - z);

    private static (Tensor X, Tensor Miss) Better(Tensor x, Tensor miss, (Tensor X, Tensor Miss) other)
    {
        var better = Size(other.Miss).lt(Size(miss)).unsqueeze(1);
        return (torch.where(better, other.X, x), torch.where(better, other.Miss, miss));
    }

    private static Tensor Size(Tensor miss) => miss.norm(1);

    /// <summary>(I + J)^-1 miss, J held constant.</summary>
    private Tensor NewtonStep(Tensor x, Tensor miss)
    {
        return torch.linalg.solve(Jacobian(), miss.unsqueeze(2)).squeeze(2);

        Tensor Jacobian()
        {
            using var guard = torch.no_grad();
            return g.TransposedJacobian(x, g.ValueAndSlopes(x).Slopes).transpose(1, 2) + Identity(x);
        }
    }

    /// <summary>log det(I + J), [N]; J's transpose serves as well.</summary>
    private static Tensor LogDet(Tensor jacobian)
    {
        switch (jacobian.size(1))
        {
            case 1: return jacobian.flatten(0).log1p();
            case 2:
                var j = jacobian.flatten(1).unbind(1);
                return ((j[0] + 1) * (j[3] + 1) - j[1] * j[2]).log();
            default: return torch.linalg.slogdet(jacobian + Identity(jacobian)).Item2;
        }
    }

    private Tensor Series(Tensor x, Tensor[] slopes)
    {
        // Roulette: term k beyond the sure ones survives with probability 2^-(k - sure), by whose inverse it is weighted.
        var last = terms;
        if (method == ResidualLogDet.RussianRoulette)
            while (torch.rand(1).ToDouble() < 0.5) last++;
        var noise = torch.randint_like(x.detach(), 0, 2) * 2 - 1;
        var sum = x.new_zeros(x.size(0));
        var vector = noise;
        for (var k = 1; k <= last; k++)
        {
            vector = g.PulledBack(vector, slopes);
            var weight = method == ResidualLogDet.RussianRoulette && k > terms ? Math.Pow(2, k - terms) : 1;
            sum = sum.add((vector * noise).sum(1L), weight * (k % 2 == 1 ? 1.0 : -1.0) / k);
        }
        return sum;
    }

    private static Tensor Identity(Tensor x) => torch.eye(x.size(1), dtype: x.dtype, device: x.device);
}
