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
    private readonly double bound;

    internal ContractivePerceptron(IReadOnlyList<int> widths, double bound) : base(nameof(ContractivePerceptron))
    {
        var count = widths.Count - 1;
        layers = new ModuleList<Dense>([.. Enumerable.Range(0, count).Select(k => new Dense(widths[k], widths[k + 1]))]);
        activations = new ModuleList<LipSwish>([.. Enumerable.Range(0, count - 1).Select(_ => new LipSwish())]);
        this.bound = bound;
        RegisterComponents();
    }

    /// <summary>g with the weights as they act now.</summary>
    internal Contraction Bounded()
    {
        var (weights, biases) = Contraction.Bounded([.. layers.Select(layer =>
            ((Tensor)layer.Weight, (Tensor)layer.Bias, SpectralNorm.Squared(layer.Weight)))], [.. activations], bound);
        return new DenseContraction(weights, biases);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(" -> ", [layers[0].Inputs, .. layers.Select(l => l.Outputs)]);
}
