using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>One 3 x 3 convolution that starts at zero: the smallest conditioner of images.</summary>
public sealed class ConvConditioner : Conditioner
{
    private readonly WeightNormConv2d convolution;

    /// <summary>From so many channels to so many.</summary>
    public ConvConditioner(int inputs, int outputs) : base(nameof(ConvConditioner), inputs, outputs)
    {
        convolution = new WeightNormConv2d(inputs, outputs, 3, zero: true);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor kept, Tensor? context) => convolution.call(kept);

    /// <inheritdoc/>
    public override string ToString() => $"ConvConditioner {Inputs} -> {Outputs}";
}
