using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// A perceptron g of d features to d whose Lipschitz constant is at most L: each of its n weight matrices is divided by max(1,
/// |W|_2 / L^(1/n)), with
/// <see cref="SpectralNorm"/> for |W|_2, and its nonlinearity is <see cref="LipSwish"/>.
/// </summary>
internal sealed class ContractivePerceptron : nn.Module
{
    private readonly ModuleList<Dense> layers;
    private readonly ModuleList<LipSwish> activations;
    private readonly double layerBound;

    internal ContractivePerceptron(IReadOnlyList<int> widths, double bound) : base(nameof(ContractivePerceptron))
    {
        var count = widths.Count - 1;
        layers = new ModuleList<Dense>([.. Enumerable.Range(0, count).Select(k => new Dense(widths[k], widths[k + 1]))]);
        activations = new ModuleList<LipSwish>([.. Enumerable.Range(0, count - 1).Select(_ => new LipSwish())]);
        layerBound = Math.Pow(bound, 1.0 / count);
        RegisterComponents();
    }

    /// <summary>
    /// The weights as they act now. swish(beta h) / (1.1 beta) is LipSwish too: with beta moved into the layer before it and 1 /
    /// (1.1 beta) into the one behind, what is left between layers is silu.
    /// </summary>
    internal Contraction Bounded()
    {
        var weights = new Tensor[layers.Count];
        var biases = new Tensor[layers.Count];
        Tensor? before = null;
        for (var k = 0; k < layers.Count; k++)
        {
            var (weight, bias) = (layers[k].Weight, layers[k].Bias);
            var scale = (SpectralNorm.Squared(weight) / (layerBound * layerBound)).clamp_min(1).rsqrt();
            if (before is not null) scale = scale / (before * LipSwish.LargestSlope);
            before = k < activations.Count ? activations[k].Beta : null;
            weights[k] = weight * (before is null ? scale : scale * before);
            biases[k] = before is null ? bias : bias * before;
        }
        return new(weights, biases);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(" -> ", [layers[0].Inputs, .. layers.Select(l => l.Outputs)]);
}
