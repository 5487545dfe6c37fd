using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// From increasing numbers x_1 &lt; ... &lt; x_d onto the space of d numbers: z_1 = x_1, z_k = log(x_k - x_(k - 1)), logDet =
/// -sum_(k &gt; 1) z_k (Stan Development Team, reference manual, "Ordered vector").
/// </summary>
/// <remarks>Where x does not increase, the log-determinant is minus infinity. Samples increase, by a last bit at least.</remarks>
public sealed class Ordered : Bijection
{
    /// <summary>Of d numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two: nothing to order.</exception>
    public Ordered(int d) : base(nameof(Ordered), [Arguments.AtLeastTwo(d)])
    {
        RegisterComponents();
    }

    /// <summary>Where events [N, d] do not increase, [N].</summary>
    internal static Tensor Outside(Tensor x) => x.diff(dim: 1).le(0).any(1);

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var outside = Outside(x);
        var steps = Edge.Log(x.diff(dim: 1).masked_fill(outside.unsqueeze(1), 1));
        var first = x.narrow(1, 0, 1).masked_fill(outside.unsqueeze(1), 0);
        return (torch.cat([first, steps], 1), steps.sum(1L).neg().masked_fill(outside, double.NegativeInfinity));
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var logs = z.narrow(1, 1, z.size(1) - 1);
        var steps = logs.clamp_max(Edge.LargestExponent(z, z.size(1))).exp();
        var x = torch.cat([z.narrow(1, 0, 1), steps], 1).cumsum(1);
        return (x.diff(dim: 1).le(0).any().ToBoolean() ? Rising(x) : x, logs.sum(1L));
    }

    /// <summary>Each number raised to the next above the one before it, where rounding has taken a step away.</summary>
    private static Tensor Rising(Tensor x)
    {
        var columns = x.split(1, 1);
        for (var k = 1; k < columns.Length; k++) columns[k] = torch.maximum(columns[k], Edge.Above(columns[k - 1].detach()));
        return torch.cat(columns, 1);
    }

    /// <inheritdoc/>
    protected override string Title => $"Ordered {Shapes.Text(EventShape!)}";
}
