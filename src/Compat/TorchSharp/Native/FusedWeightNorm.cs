namespace TorchSharp.Native;

/// <summary>
/// libtorch's own weight normalisation, one kernel in each direction. TorchSharp does not have it, so this is not public: RealNvp.Flows looks it up by
/// name and does without it where it is not there.
/// </summary>
internal static class FusedWeightNorm
{
    private static readonly Op Interface = new("aten::_weight_norm_interface");

    /// <summary>g v / |v| for each index of the first dimension, with its gradients.</summary>
    /// <param name="v">Directions [outputs, ...], contiguous.</param>
    /// <param name="g">Lengths [outputs, 1, ...].</param>
    internal static torch.Tensor Of(torch.Tensor v, torch.Tensor g)
    {
        var (weight, lengths) = Interface.Run2(v, g, 0L);
        lengths.Dispose();
        return weight;
    }
}
