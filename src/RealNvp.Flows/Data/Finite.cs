using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Data;

internal static class Finite
{
    /// <summary>Holds every value to be a finite number.</summary>
    /// <exception cref="ArgumentException">One is not; the message names the first one's row and column.</exception>
    internal static void Require(Tensor x, string name)
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var finite = x.isfinite();
        if (finite.all().ToBoolean()) return;
        var place = finite.logical_not().nonzero()[0].cpu().data<long>().ToArray();
        var value = x[place.Select(i => TensorIndex.Single(i)).ToArray()].ToDouble();
        throw new ArgumentException($"{name} holds {value} at row {place[0]}, {Place(place[1..])} (counted from 0); remove or replace such values before training.", name);
    }

    /// <summary>Holds data that a model is fitted to in one piece to be of a floating dtype, not empty and finite, and every feature to vary.</summary>
    /// <exception cref="ArgumentException">They are not; the message names the dtype, the row and column, or the feature.</exception>
    internal static void RequireFittable(string receiver, Tensor x, string name, bool varies = true)
    {
        Shapes.Require(receiver, x, null, name);
        if (x.size(0) == 0) throw new ArgumentException($"{receiver} is fitted to at least one event, but {name} has shape {Shapes.Text(x.shape)}.", name);
        Require(x, name);
        if (!varies) return;
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var still = x.amax([0]).eq(x.amin([0]));
        if (!still.any().ToBoolean()) return;
        var place = still.nonzero()[0].cpu().data<long>().ToArray();
        throw new ArgumentException(
            $"{receiver} is fitted to features that vary, but of the {x.size(0)} events in {name} {Place(place)} (counted from 0) does not vary; leave it out, or add noise to it.", name);
    }

    private static string Place(long[] place) => place.Length == 1 ? $"column {place[0]}" : $"position [{string.Join(", ", place)}]";
}
