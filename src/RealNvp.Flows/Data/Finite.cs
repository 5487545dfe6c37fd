using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Data;

internal static class Finite
{
    private const double LargestSquared = 1e150;   // sums of a hundred million squares are finite

    /// <summary>Holds every value to be a finite number.</summary>
    /// <exception cref="ArgumentException">One is not; the message names the first one's row and column.</exception>
    internal static void Require(Tensor x, string name)
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var finite = x.isfinite();
        if (finite.all().ToBoolean()) return;
        var place = finite.logical_not().nonzero()[0].cpu().data<long>().ToArray();
        throw new ArgumentException($"{name} holds {Value(x, place)} at {Where(place)} (counted from 0); remove or replace such "
            + "values first.", name);
    }

    /// <summary>Holds every value to be a number, which may be infinite.</summary>
    /// <exception cref="ArgumentException">One is NaN; the message names the first one's row and column.</exception>
    internal static void RequireNumbers(Tensor x, string name)
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        Require(x.masked_fill(x.isinf(), 0), name);
    }

    /// <summary>Holds the squares of finite values, which covariances are made of, to be finite in float64.</summary>
    /// <exception cref="ArgumentException">One is not; the message names the row and column of the value.</exception>
    internal static void RequireSquares(Tensor x, string name)
    {
        if (x.dtype != ScalarType.Float64) return;
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var large = x.abs().gt(LargestSquared);
        if (!large.any().ToBoolean()) return;
        var place = large.nonzero()[0].cpu().data<long>().ToArray();
        throw new ArgumentException($"{name} holds {Value(x, place):g6} at {Where(place)} (counted from 0), whose square float64 "
            + "cannot hold; divide that column first.", name);
    }

    /// <summary>Holds every value to lie inside a support.</summary>
    /// <param name="outside">Which ones do not, of x's shape.</param>
    /// <param name="x">The values.</param>
    /// <param name="name">The argument's name.</param>
    /// <param name="support">The support in words.</param>
    /// <param name="firstColumn">The number of x's first column in the caller's table.</param>
    /// <exception cref="ArgumentException">One does not; the message names the first one's row and column.</exception>
    internal static void RequireWithin(Tensor outside, Tensor x, string name, string support, long firstColumn = 0)
    {
        using var scope = NewDisposeScope();
        if (!outside.any().ToBoolean()) return;
        var place = outside.nonzero()[0].cpu().data<long>().ToArray();
        var value = Value(x, place);
        if (place.Length > 1) place[1] += firstColumn;
        throw new ArgumentException($"{name} holds {value} at {Where(place)} (counted from 0), outside of {support}. Remove "
            + "such values, or give their column another support.", name);
    }

    /// <summary>
    /// Holds data that a model is fitted to in one piece to be of a floating dtype, not empty and finite, and every feature to
    /// vary.
    /// </summary>
    /// <exception cref="ArgumentException">They are not; the message names the dtype, the row and column, or the
    /// feature.</exception>
    internal static void RequireFittable(string receiver, Tensor x, string name, bool varies = true)
    {
        Shapes.Require(receiver, x, null, name);
        if (x.size(0) == 0)
            throw new ArgumentException($"{receiver} is fitted to at least one event, but {name} has shape "
                + $"{Shapes.Text(x.shape)}.", name);
        Require(x, name);
        RequireSquares(x, name);
        if (!varies) return;
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var still = x.amax([0]).eq(x.amin([0]));
        if (!still.any().ToBoolean()) return;
        var place = still.nonzero()[0].cpu().data<long>().ToArray();
        throw new ArgumentException(
            $"{receiver} is fitted to features that vary, but of the {x.size(0)} events in {name} {Place(place)} (counted from "
            + "0) does not vary; leave it out, or add noise to it.", name);
    }

    internal static double Value(Tensor x, long[] place)
    {
        using var scope = NewDisposeScope();
        return x[place.Select(i => TensorIndex.Single(i)).ToArray()].ToDouble();
    }

    internal static string Where(long[] place) =>
        place.Length == 1 ? $"row {place[0]}" : $"row {place[0]}, {Place(place[1..])}";

    internal static string Place(long[] place) =>
        place.Length == 1 ? $"column {place[0]}" : $"position [{string.Join(", ", place)}]";
}
