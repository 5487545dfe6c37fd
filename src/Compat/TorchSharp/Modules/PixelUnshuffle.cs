namespace TorchSharp.Modules;

/// <summary>[N, C, H r, W r] -> [N, C r^2, H, W], r the downscale factor.</summary>
public sealed class PixelUnshuffle : ParameterLessModule<torch.Tensor, torch.Tensor>
{
    internal PixelUnshuffle(long downscale_factor) : base(nameof(PixelUnshuffle))
    {
        this.downscale_factor = downscale_factor;
    }

    public long downscale_factor { get; set; }

    public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.pixel_unshuffle(input, downscale_factor);
}
