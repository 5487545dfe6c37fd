namespace TorchSharp.Modules;

/// <summary>The transpose (as a linear map) of a convolution of [N, C, L]: it upsamples where that downsamples.</summary>
public sealed class ConvTranspose1d : ConvolutionTranspose
{
    internal ConvTranspose1d(long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding,
        long[] output_padding, long[] dilation, long groups, bool bias, PaddingModes padding_mode, torch.Device? device,
        torch.ScalarType? dtype)
        : base(nameof(ConvTranspose1d), in_channels, out_channels, kernel_size, stride, padding, output_padding, dilation, groups,
            bias, padding_mode, device, dtype)
    {
    }

    /// <exception cref="ArgumentException">The input has other dimensions or channels.</exception>
    public override torch.Tensor forward(torch.Tensor input)
    {
        RequireShape(input, 1);
        return torch.nn.functional.conv_transpose1d(input, _weight!, _bias, stride[0], padding![0], output_padding[0],
            dilation[0], groups);
    }
}
