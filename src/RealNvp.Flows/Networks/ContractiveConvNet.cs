using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// A network g of images [C, H, W] to images whose Lipschitz constant is at most L: convolutions of 3 x 3, 1 x 1 and 3 x 3, each
/// divided by max(1, its spectral norm / L^(1/3)), with <see cref="LipSwish"/> between them (Chen et al. 2019, arXiv:1906.02735,
/// appendix E.2).
/// </summary>
internal sealed class ContractiveConvNet : nn.Module
{
    private readonly ModuleList<Conv2d> layers;
    private readonly ModuleList<LipSwish> activations;
    private readonly long[] image;
    private readonly double bound;

    internal ContractiveConvNet(long[] image, long width, double bound) : base(nameof(ContractiveConvNet))
    {
        (this.image, this.bound) = (image, bound);
        layers = new ModuleList<Conv2d>(nn.Conv2d(image[0], width, 3, padding: 1), nn.Conv2d(width, width, 1),
            nn.Conv2d(width, image[0], 3, padding: 1));
        activations = new ModuleList<LipSwish>(new LipSwish(), new LipSwish());
        RegisterComponents();
    }

    /// <summary>g with the weights as they act now.</summary>
    internal Contraction Bounded()
    {
        var (weights, biases) = Contraction.Bounded([.. layers.Select(layer => ((Tensor)layer.weight, (Tensor)layer.bias!,
            SpectralNorm.SquaredOfConvolution(layer.weight)))], [.. activations], bound);
        return new ConvContraction(weights, biases, image);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{image[0]} -> {layers[0].weight.size(0)} -> {layers[0].weight.size(0)} -> {image[0]} "
        + "channels";
}
