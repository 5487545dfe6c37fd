using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>One 3 x 3 convolution that starts at zero: the smallest conditioner of images.</summary>
/// <remarks>A context [N, ContextSize] goes in as <see cref="ResidualConvNet"/> takes it: as constant maps, or as an image that
/// it holds flattened.</remarks>
public sealed class ConvConditioner : Conditioner
{
    private readonly WeightNormConv2d convolution;
    private readonly ContextMaps maps;

    /// <summary>From so many channels to so many.</summary>
    /// <param name="inputs">Channels that go in.</param>
    /// <param name="outputs">Channels that come out.</param>
    /// <param name="contextShape">[c], features of a context; or [c, H, W], an image of the input's height and width, or of a
    /// multiple of them, flattened. Null for none.</param>
    /// <exception cref="ArgumentException">contextShape is neither [c] nor [c, H, W].</exception>
    public ConvConditioner(int inputs, int outputs, long[]? contextShape = null)
        : base(nameof(ConvConditioner), inputs, outputs, ContextMaps.Size(contextShape))
    {
        maps = new(contextShape);
        convolution = new WeightNormConv2d(inputs + maps.Channels, outputs, 3, zero: true);
        RegisterComponents();
    }

    internal override bool? OnImages => true;

    internal override long[]? ContextImage => maps.Image;

    /// <inheritdoc/>
    public override Tensor forward(Tensor kept, Tensor? context) => convolution.call(
        context is null ? kept : torch.cat([kept, maps.At(context, kept.size(2), kept.size(3)).permute(0, 3, 1, 2)], 1));

    /// <inheritdoc/>
    public override string ToString() => $"ConvConditioner {Inputs} -> {Outputs}{maps}";
}
