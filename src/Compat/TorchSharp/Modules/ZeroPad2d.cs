namespace TorchSharp.Modules;

/// <summary>Pads the last two dimensions with zeros: left, right, top, bottom.</summary>
public sealed class ZeroPad2d : ParameterLessModule<torch.Tensor, torch.Tensor>
{
    internal ZeroPad2d(long[] padding) : base(nameof(ZeroPad2d))
    {
        this.padding = padding;
    }

    public long[] padding { get; set; }

    public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.pad(input, padding);
}
