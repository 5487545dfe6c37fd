using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Numerics;

/// <summary>Roots of increasing functions, element by element.</summary>
public static class RootFinding
{
    private const int LargestDoublings = 200;
    private const int LargestSteps = 200;

    /// <summary>
    /// Solves g(x) = y for an increasing g of the whole line onto itself: the root is bracketed by doubling, then found by Newton
    /// steps that fall back to bisection wherever one would leave its bracket.
    /// </summary>
    /// <param name="g">g and its derivative, element by element, of x of y's shape.</param>
    /// <param name="y">The values sought.</param>
    /// <returns>
    /// x of y's shape to the last bits of its dtype; differentiable in y and in whatever g depends on, by the implicit function
    /// theorem (one Newton step with a constant derivative is added to the root).
    /// </returns>
    /// <exception cref="ArithmeticException">Some value is not reached, so g is not increasing onto the line; elements that are
    /// infinite or not numbers are passed through.</exception>
    public static Tensor Solve(Func<Tensor, (Tensor Value, Tensor Derivative)> g, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(g);
        ArgumentNullException.ThrowIfNull(y);
        if (y.numel() == 0) return y.alias();
        Tensor root, slope, known;
        using (torch.no_grad())
        {
            using var scope = NewDisposeScope();
            known = y.isfinite();
            root = Bracketed(g, torch.where(known, y, torch.zeros_like(y)));
            slope = g(root).Derivative;
            scope.MoveToOuter(root, slope, known);
        }
        // Where g is flat to its last digit the root has no derivative, and is left as it is.
        var steep = (slope * (root.abs() + 1)).gt(y.detach().abs() * Math.Pow(torch.finfo(y.dtype).eps, 1.5)) & slope.isfinite();
        var step = torch.where(steep, (g(root).Value - y) / torch.where(steep, slope, torch.ones_like(slope)),
            torch.zeros_like(y));
        return torch.where(known, root - step, y);
    }

    private static Tensor Bracketed(Func<Tensor, (Tensor Value, Tensor Derivative)> g, Tensor target)
    {
        var low = Reach(g, target, -1);
        var high = Reach(g, target, 1);
        var x = low / 2 + high / 2;
        var enough = (target.dtype == ScalarType.Float64 ? 4.0 : 2.0) * (target.dtype == ScalarType.Float64 ? 2.2e-16 : 1.2e-7);
        var furthest = double.PositiveInfinity;
        for (var step = 0; step < LargestSteps && !(furthest <= enough); step++)
        {
            using var scope = NewDisposeScope();   // g's intermediates go before the next step needs memory
            var (value, derivative) = g(x);
            var miss = value - target;
            var (newLow, newHigh) = (torch.where(miss.le(0), x, low), torch.where(miss.ge(0), x, high));
            var newton = x - miss / derivative;
            var usable = newton.gt(newLow) & newton.lt(newHigh);
            var next = torch.where(usable, newton, newLow / 2 + newHigh / 2);
            furthest = ((next - x).abs() / (x.abs() + 1)).max().ToDouble();
            (low, high, x) = (Replaced(scope, low, newLow), Replaced(scope, high, newHigh), Replaced(scope, x, next));
        }
        return x;
    }

    private static Tensor Replaced(DisposeScope scope, Tensor old, Tensor next)
    {
        old.Dispose();
        return scope.MoveToOuter(next);
    }

    /// <summary>A point on one side of the root of each element.</summary>
    private static Tensor Reach(Func<Tensor, (Tensor Value, Tensor Derivative)> g, Tensor target, int side)
    {
        var at = torch.full_like(target, side);
        var most = torch.finfo(target.dtype).max;
        for (var k = 0; k < LargestDoublings; k++)
        {
            using var scope = NewDisposeScope();
            var missing = ((g(at).Value - target) * side).lt(0);
            if (!missing.any().ToBoolean()) return at;
            at = Replaced(scope, at, torch.where(missing, (at * 2).clamp(-most, most), at));
        }
        throw new ArithmeticException(
            "The function does not reach every value sought: it is not increasing onto the whole line.");
    }
}
