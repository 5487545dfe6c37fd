namespace TorchSharp.Modules;

/// <summary>What transposed convolutions share: they pad with zeros only.</summary>
public abstract class ConvolutionTranspose : Convolution
{
    private protected ConvolutionTranspose(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride,
        long[] padding, long[] output_padding, long[] dilation, long groups, bool bias, PaddingModes padding_mode,
        torch.Device? device, torch.ScalarType? dtype)
        : base(name, in_channels, out_channels, kernel_size, stride, padding, null, dilation, true, output_padding, groups, bias,
            padding_mode, device, dtype)
    {
    }
}
