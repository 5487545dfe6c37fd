using RealNvp.Flows.Numerics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// A positive sum of increasing functions, z = exp(a) x + sum_k exp(w_k) tanh(exp(s_k) x + c_k), for each element its own:
/// increasing, but without a closed inverse, which is found by root finding and differentiated through the implicit function
/// theorem.
/// </summary>
public sealed class MonotoneSum : ElementwiseBijection
{
    private readonly Parameter logSlope;
    private readonly Parameter logWeights;
    private readonly Parameter logScales;
    private readonly Parameter centres;

    /// <summary>Starts near the identity, with centres spread over [-2, 2].</summary>
    /// <param name="terms">K, for each element.</param>
    /// <param name="eventShape">Shape of one event.</param>
    public MonotoneSum(int terms, params long[] eventShape) : base(nameof(MonotoneSum), eventShape)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(terms);
        using var scope = NewDisposeScope();
        long[] shape = [.. eventShape, terms];
        logSlope = new Parameter(torch.zeros(eventShape));
        logWeights = new Parameter(torch.full(shape, -4.0));
        logScales = new Parameter(torch.zeros(shape));
        centres = new Parameter(torch.linspace(-2, 2, terms).expand(shape).contiguous());
        RegisterComponents();
    }

    private (Tensor Value, Tensor Derivative) Sum(Tensor x)
    {
        var scale = logScales.exp();
        var inner = (x.unsqueeze(-1) * scale + centres).tanh();
        var weight = logWeights.exp();
        var slope = logSlope.exp();
        return (x * slope + (inner * weight).sum(-1L), ((1 - inner * inner) * weight * scale).sum(-1L) + slope);
    }

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogDerivative) ForwardCore(Tensor x)
    {
        var (value, derivative) = Sum(x);
        return (value, derivative.log());
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDerivative) InverseCore(Tensor y)
    {
        var x = RootFinding.Solve(Sum, y);
        return (x, Sum(x).Derivative.log().neg());
    }

    /// <inheritdoc/>
    protected override string Title => $"MonotoneSum of {centres.size(-1)} terms on {Shapes.Text(EventShape!)}";
}
