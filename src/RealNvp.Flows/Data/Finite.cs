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
        var where = place.Length == 2 ? $"row {place[0]}, column {place[1]}" : $"row {place[0]}, position [{string.Join(", ", place.Skip(1))}]";
        throw new ArgumentException($"{name} holds {value} at {where} (counted from 0); remove or replace such values before training.", name);
    }
}
