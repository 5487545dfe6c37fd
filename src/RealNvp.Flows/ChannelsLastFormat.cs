using static TorchSharp.torch;

namespace RealNvp.Flows;

/// <summary>
/// The order of a 4-dimensional tensor's elements in memory: convolutions are fastest where the channels of a place lie side by
/// side.
/// </summary>
internal static class ChannelsLastFormat
{
    /// <summary>The same values [N, C, H, W], with the channels of a place side by side in memory.</summary>
    internal static Tensor ChannelsLast(this Tensor x) => x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    /// <summary>Whether a tensor is [N, C, H, W] with channels side by side, and not in the plain order as well.</summary>
    internal static bool IsChannelsLast(this Tensor x) =>
        x.dim() == 4 && !x.is_contiguous() && x.permute(0, 2, 3, 1).is_contiguous();
}
