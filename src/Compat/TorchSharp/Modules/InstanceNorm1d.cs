namespace TorchSharp.Modules;

/// <summary>Instance normalisation of [C, L] or [N, C, L].</summary>
public sealed class InstanceNorm1d : InstanceNorm
{
    internal InstanceNorm1d(long num_features, double eps, double momentum, bool affine, bool track_running_stats,
        torch.Device? device, torch.ScalarType? dtype) : base(num_features, eps, momentum, affine, track_running_stats, device,
        dtype, nameof(InstanceNorm1d))
    {
    }

    protected override void ValidateInputDimensions(torch.Tensor input) => RequireDimensions(input, 2, 3);
}
