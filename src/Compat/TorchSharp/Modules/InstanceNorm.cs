namespace TorchSharp.Modules;

/// <summary>As batch normalisation, but with the statistics of each sample by itself (Ulyanov et al. 2016).</summary>
public abstract class InstanceNorm : NormBase
{
    public InstanceNorm(long num_features, double eps, double momentum, bool affine, bool track_running_stats,
        torch.Device? device, torch.ScalarType? dtype, string name)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name)
    {
    }

    public override torch.Tensor forward(torch.Tensor input)
    {
        ValidateInputDimensions(input);
        return torch.nn.functional.instance_norm(input, running_mean, running_var, weight, bias, training || !track_running_stats,
            momentum ?? 0.1, eps);
    }
}
