using TorchSharp.Native;

namespace TorchSharp.Modules;

/// <summary>Cross-correlation of [N, C, D, H, W] with learned kernels.</summary>
public sealed class Conv3d : Convolution
{
    internal Conv3d(long in_channels, long out_channels, long[] kernel_size, long[] stride, long[]? padding,
        Padding? padding_type, long[] dilation, long groups, bool bias, PaddingModes padding_mode, torch.Device? device,
        torch.ScalarType? dtype)
        : base(nameof(Conv3d), in_channels, out_channels, kernel_size, stride, padding, padding_type, dilation, false, [0, 0, 0],
            groups, bias, padding_mode, device, dtype)
    {
    }

    /// <exception cref="ArgumentException">The input has other dimensions or channels.</exception>
    public override torch.Tensor forward(torch.Tensor input)
    {
        RequireShape(input, 3);
        if (padding_mode != PaddingModes.Zeros)
        {
            using var padded = torch.nn.functional.pad(input, _reversed_padding_repeated_twice, padding_mode);
            return torch.nn.functional.conv3d(padded, _weight!, _bias, stride, new long[3], dilation, groups);
        }
        if (padding_type is { } type)
            return Aten.Conv3dPadding.Run(input, _weight, _bias, stride, type == Padding.Same ? "same" : "valid", dilation,
                groups);
        return torch.nn.functional.conv3d(input, _weight!, _bias, stride, padding, dilation, groups);
    }
}
