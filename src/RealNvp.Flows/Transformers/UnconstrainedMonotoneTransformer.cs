using RealNvp.Flows.Networks;
using RealNvp.Flows.Numerics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Transformers;

/// <summary>
/// The integral of a positive network, y = b + integral from 0 to x of f(u; e) du with f = softplus(net(u, e)) + 0.001 and an
/// embedding e and a shift b from the conditioner: log dy/dx = log f(x; e) (unconstrained monotonic networks; Wehenkel, Louppe
/// 2019, arXiv:1908.05164). The network is shared by all elements.
/// </summary>
/// <remarks>
/// The integral is Gauss and Legendre's sum over Q nodes in [0, x]. It is right to rounding for the smooth networks of data
/// within some units of 0; far outside of their bends it is coarse, and the density is then not normalised to more than that:
/// standardise the data. The last layer starts at zero, which is f = 1. The inverse is found by root finding and differentiated
/// through the implicit function theorem. Each layer of a flow takes an instance of its own.
/// </remarks>
public sealed class UnconstrainedMonotoneTransformer : RootFindingTransformer
{
    private readonly ModuleList<Dense> layers;
    private readonly int embedding;
    [ComputationSetting]
    private readonly (double Node, double Weight)[] rule;   // on [0, 1]

    /// <summary>Builds the network; weights are drawn from torch's global generator.</summary>
    /// <param name="embedding">Features of e.</param>
    /// <param name="hidden">Widths of the network's hidden layers, with tanh between; null is [32, 32].</param>
    /// <param name="nodes">Q.</param>
    /// <exception cref="ArgumentOutOfRangeException">embedding or nodes is not positive.</exception>
    public UnconstrainedMonotoneTransformer(int embedding = 8, IReadOnlyList<int>? hidden = null, int nodes = 24)
        : base("unconstrained monotone")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(embedding);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(nodes);
        this.embedding = embedding;
        hidden = Arguments.Widths(hidden ?? [32, 32]);
        int[] widths = [1 + embedding, .. hidden, 1];
        layers = new ModuleList<Dense>([.. Enumerable.Range(0, widths.Length - 1)
            .Select(k => new Dense(widths[k], widths[k + 1], zero: k == widths.Length - 2))]);
        rule = GaussLegendre.Unit(nodes);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int ParametersPerElement => embedding + 1;

    private protected override Func<Tensor, (Tensor Y, Tensor Slope)> Map(Tensor h, long[] shape)
    {
        var read = Read(h, shape);
        return x => Evaluate(x, read);
    }

    private (Tensor Embedding, Tensor Shift) Read(Tensor h, long[] shape)
    {
        var perElement = SigmoidUnits.PerElement(h, shape, ParametersPerElement);
        return (perElement.narrow(-1, 0, embedding), perElement.select(-1, embedding));
    }

    private (Tensor Y, Tensor Slope) Evaluate(Tensor x, (Tensor Embedding, Tensor Shift) read)
    {
        var parts = torch.tensor(rule.Select(r => r.Node).Append(1).ToArray(), x.dtype, x.device);   // the last one is x itself
        var weights = torch.tensor(rule.Select(r => r.Weight).ToArray(), x.dtype, x.device);
        var slopes = Slope(x.unsqueeze(-1) * parts, read.Embedding);
        var integral = (slopes.narrow(-1, 0, rule.Length) * weights).sum(-1L) * x;
        return (integral + read.Shift, slopes.select(-1, rule.Length));
    }

    /// <summary>f at points u [N, d, ..., Q], embeddings [N, d, ..., E].</summary>
    private Tensor Slope(Tensor u, Tensor embeddings)
    {
        // The first layer's part of the embedding is the same for all points.
        var (first, width) = (layers[0], layers[0].Outputs);
        var fixedPart = embeddings.matmul(first.Weight.narrow(0, 1, embedding)) + first.Bias;
        var h = u.unsqueeze(-1) * first.Weight.select(0, 0) + fixedPart.unsqueeze(-2);
        var shape = u.shape;
        h = h.reshape(-1, width);
        for (var k = 1; k < layers.Count; k++) h = layers[k].call(h.tanh());
        return SigmoidUnits.Slope(h).view(shape);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"unconstrained monotone ({string.Join(" -> ", [layers[0].Inputs, .. layers.Select(l => l.Outputs)])}, "
        + $"{rule.Length} nodes)";
}
