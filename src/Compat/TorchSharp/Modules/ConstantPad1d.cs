namespace TorchSharp.Modules;

/// <summary>Pads the last dimension with a value.</summary>
public sealed class ConstantPad1d : ParameterLessModule<torch.Tensor, torch.Tensor>
{
    internal ConstantPad1d(long[] padding, double value) : base(nameof(ConstantPad1d))
    {
        this.padding = padding;
        this.value = value;
    }

    public long[] padding { get; set; }
    public double value { get; set; }

    public override torch.Tensor forward(torch.Tensor input) =>
        torch.nn.functional.pad(input, padding, PaddingModes.Constant, value);
}
