namespace TorchSharp.Modules;

/// <summary>Pads the last two dimensions with a value: left, right, top, bottom.</summary>
public sealed class ConstantPad2d : ParameterLessModule<torch.Tensor, torch.Tensor>
{
    internal ConstantPad2d(long[] padding, double value) : base(nameof(ConstantPad2d))
    {
        this.padding = padding;
        this.value = value;
    }

    public long[] padding { get; set; }
    public double value { get; set; }

    public override torch.Tensor forward(torch.Tensor input) =>
        torch.nn.functional.pad(input, padding, PaddingModes.Constant, value);
}
