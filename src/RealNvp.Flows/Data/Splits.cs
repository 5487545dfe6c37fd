using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Data;

/// <summary>Splits of data that a seed determines.</summary>
public static class Splits
{
    /// <summary>Train and held-out parts of shuffled data.</summary>
    /// <param name="x">Data [N, ...].</param>
    /// <param name="heldOut">The held-out part, above 0 and below 1; at least one event goes to each side.</param>
    /// <param name="seed">Determines the order.</param>
    /// <exception cref="ArgumentException">There are fewer than two events, or the part is out of range.</exception>
    public static (Tensor Train, Tensor HeldOut) TrainHeldOut(Tensor x, double heldOut = 0.2, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(x);
        var n = (int)x.size(0);
        if (!(heldOut > 0 && heldOut < 1))
            throw new ArgumentException($"The held-out part lies between 0 and 1, but was {heldOut}.", nameof(heldOut));
        if (n < 2) throw new ArgumentException($"A split needs at least 2 events, but was given {n}.", nameof(x));
        var count = Math.Clamp((int)Math.Round(n * heldOut), 1, n - 1);
        var order = Order(n, seed);
        return (Take(x, order[count..]), Take(x, order[..count]));
    }

    /// <summary>K folds: each event is in the test part of exactly one.</summary>
    /// <param name="x">Data [N, ...].</param>
    /// <param name="folds">K, at least 2 and at most N; the parts' sizes differ by at most one.</param>
    /// <param name="seed">Determines the order.</param>
    /// <exception cref="ArgumentException">K is out of range.</exception>
    public static IReadOnlyList<(Tensor Train, Tensor Test)> KFold(Tensor x, int folds = 5, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(x);
        var n = (int)x.size(0);
        if (folds < 2 || folds > n)
            throw new ArgumentException($"{n} events split into 2 to {n} folds, but {folds} were asked for.", nameof(folds));
        var order = Order(n, seed);
        return [.. Enumerable.Range(0, folds).Select(k =>
        {
            var (begin, end) = ((int)((long)n * k / folds), (int)((long)n * (k + 1) / folds));
            return (Take(x, [.. order[..begin], .. order[end..]]), Take(x, order[begin..end]));
        })];
    }

    private static long[] Order(int n, int seed)
    {
        var order = Enumerable.Range(0, n).Select(i => (long)i).ToArray();
        new Random(seed).Shuffle(order);
        return order;
    }

    private static Tensor Take(Tensor x, long[] rows)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(x.index_select(0, torch.tensor(rows, device: x.device)));
    }
}
