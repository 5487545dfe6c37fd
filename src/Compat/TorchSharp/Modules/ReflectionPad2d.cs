namespace TorchSharp.Modules;

/// <summary>Pads the last two dimensions with their mirror image: left, right, top, bottom.</summary>
public sealed class ReflectionPad2d : ParameterLessModule<torch.Tensor, torch.Tensor>
{
    internal ReflectionPad2d(long[] padding) : base(nameof(ReflectionPad2d))
    {
        this.padding = padding;
    }

    public long[] padding { get; set; }

    public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.pad(input, padding, PaddingModes.Reflect);
}
