namespace TorchSharp.Modules;

/// <summary>Pads the last dimension with its mirror image.</summary>
public sealed class ReflectionPad1d : ParameterLessModule<torch.Tensor, torch.Tensor>
{
    internal ReflectionPad1d(long[] padding) : base(nameof(ReflectionPad1d))
    {
        this.padding = padding;
    }

    public long[] padding { get; set; }

    public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.pad(input, padding, PaddingModes.Reflect);
}
