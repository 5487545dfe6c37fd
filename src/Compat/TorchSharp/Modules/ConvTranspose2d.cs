namespace TorchSharp.Modules;

/// <summary>The transpose (as a linear map) of a convolution of [N, C, H, W]: it upsamples where that downsamples.</summary>
public sealed class ConvTranspose2d : ConvolutionTranspose
{
    internal ConvTranspose2d(long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding,
        long[] output_padding, long[] dilation, long groups, bool bias, PaddingModes padding_mode, torch.Device? device,
        torch.ScalarType? dtype)
        : base(nameof(ConvTranspose2d), in_channels, out_channels, kernel_size, stride, padding, output_padding, dilation, groups,
            bias, padding_mode, device, dtype)
    {
    }

    /// <exception cref="ArgumentException">The input has other dimensions or channels.</exception>
    public override torch.Tensor forward(torch.Tensor input)
    {
        RequireShape(input, 2);
        return torch.nn.functional.conv_transpose2d(input, _weight!, _bias, stride, padding, output_padding, dilation, groups);
    }
}
