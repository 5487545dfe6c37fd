using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// A fixed permutation along the first event dimension, z[k] = x[order[k]]. Its Jacobian is a permutation matrix: logDet = 0.
/// </summary>
public sealed class Permute : Bijection
{
    private readonly Tensor order;
    private readonly Tensor back;

    /// <summary>Permutes features (vectors) or channels (images).</summary>
    /// <param name="order">z[k] = x[order[k]]: each of 0 .. d-1 exactly once.</param>
    /// <param name="rest">The event dimensions after the permuted one: none for vectors, [H, W] for images.</param>
    /// <exception cref="ArgumentException">order is not a permutation.</exception>
    public Permute(IReadOnlyList<int> order, params long[] rest) : base(nameof(Permute),
        [(order ?? throw new ArgumentNullException(nameof(order))).Count, .. rest])
    {
        if (!order.Order().SequenceEqual(Enumerable.Range(0, order.Count)))
            throw new ArgumentException(
                $"A permutation of {order.Count} holds each of 0 to {order.Count - 1} exactly once, but was given "
                + $"({string.Join(", ", order)}).",
                nameof(order));
        Order = [.. order];
        var inverse = new long[order.Count];
        for (var k = 0; k < order.Count; k++) inverse[order[k]] = k;
        this.order = torch.tensor(order.Select(i => (long)i).ToArray());
        back = torch.tensor(inverse);
        RegisterComponents();
    }

    /// <summary>z[k] = x[Order[k]].</summary>
    public IReadOnlyList<int> Order { get; }

    /// <summary>The permutation that turns the order around.</summary>
    public static Permute Reverse(int dimension) => new([.. Enumerable.Range(0, Arguments.AtLeastOne(dimension)).Reverse()]);

    /// <summary>
    /// The permutation that exchanges the first half with the second (for an odd dimension the first half is the longer one).
    /// </summary>
    public static Permute Swap(int dimension)
    {
        var first = Arguments.AtLeastOne(dimension) - dimension / 2;
        return new([.. Enumerable.Range(first, dimension - first), .. Enumerable.Range(0, first)]);
    }

    /// <summary>A random permutation that a seed determines.</summary>
    public static Permute Shuffle(int dimension, int seed)
    {
        var order = Enumerable.Range(0, Arguments.AtLeastOne(dimension)).ToArray();
        new Random(seed).Shuffle(order);
        return new(order);
    }

    internal override bool OnlyMoves => true;

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) =>
        (x.index_select(1, order), ZeroLogDet(x));

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) =>
        (z.index_select(1, back), ZeroLogDet(z));

    /// <inheritdoc/>
    protected override string Title =>
        $"Permute({(Order.Count <= 12 ? string.Join(", ", Order) : string.Join(", ", Order.Take(10)) + $", ... {Order.Count} in all")})";
}
