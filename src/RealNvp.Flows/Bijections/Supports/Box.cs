using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// From an open box onto the space of its dimension, each side as <see cref="Interval"/> does: a side is an interval, a half-line
/// or the line. The log-determinant is the sum of the sides'.
/// </summary>
/// <remarks>Outside, the log-determinant is minus infinity: a flow has no mass there.</remarks>
/// <example>
/// <code>
/// var infinity = double.PositiveInfinity;
/// var box = new Box(tensor([0.0, 0, -infinity]), tensor([1.0, infinity, infinity]));   // a part, a positive number, any number
/// var flow = new Flow(box).to(float64);
/// var (inside, outside) = (tensor(new[,] { { 0.5, 2, -3 } }), tensor(new[,] { { 1.5, 2, -3 } }));
/// Console.WriteLine($"{flow.LogProb(inside).isfinite().ToBoolean()} {flow.LogProb(outside).exp().ToDouble()}");
/// // prints True 0
/// </code>
/// </example>
public sealed class Box : ElementwiseBijection
{
    private readonly Tensor low;
    private readonly Tensor high;

    /// <summary>With a side for each feature.</summary>
    /// <param name="low">Lower ends, of the event's shape; minus infinity is no end.</param>
    /// <param name="high">Upper ends, of the same shape; infinity is no end.</param>
    /// <exception cref="ArgumentException">The shapes differ, or a lower end is not below its upper one.</exception>
    public Box(Tensor low, Tensor high) : base(nameof(Box), Shape(low, high))
    {
        using var scope = NewDisposeScope();
        this.low = low.detach().to(torch.get_default_dtype(), copy: true);
        this.high = high.detach().to(torch.get_default_dtype(), copy: true);
        RegisterComponents();
    }

    private Sides Sides => new(low, high);

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogDerivative) ForwardCore(Tensor x) => Sides.ToLine(x);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDerivative) InverseCore(Tensor y) => Sides.FromLine(y);

    private static long[] Shape(Tensor low, Tensor high)
    {
        ArgumentNullException.ThrowIfNull(low);
        ArgumentNullException.ThrowIfNull(high);
        if (!low.shape.SequenceEqual(high.shape))
            throw new ArgumentException(
                $"A box has a lower and an upper end for each feature, but was given {Shapes.Text(low.shape)} and "
                + $"{Shapes.Text(high.shape)} of them.", nameof(high));
        using var scope = NewDisposeScope();
        var (lows, highs) = (low.to(torch.float64).cpu().flatten(), high.to(torch.float64).cpu().flatten());
        for (var k = 0L; k < lows.numel(); k++) RequireSide(lows[k].ToDouble(), highs[k].ToDouble(), nameof(high));
        return low.shape;
    }

    /// <summary>Holds two numbers to be the ends of an interval, in order.</summary>
    internal static void RequireSide(double low, double high, string argument)
    {
        if (!(low < high) || double.IsPositiveInfinity(low) || double.IsNegativeInfinity(high))
            throw new ArgumentException($"A lower end lies below its upper end, but was given {low} and {high}.", argument);
        if (double.IsFinite(low) && double.IsFinite(high) && high - low > float.MaxValue)
            throw new ArgumentException($"The interval from {low} to {high} is wider than numbers of float32 go.", argument);
    }

    /// <inheritdoc/>
    protected override string Title => $"Box {Shapes.Text(EventShape!)}";
}
