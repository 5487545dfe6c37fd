using TorchSharp.Native;

namespace TorchSharp.Modules;

/// <summary>
/// (x - mean) / sqrt(variance + eps) * weight + bias (Ioffe and Szegedy 2015), over all dimensions but the second: with the
/// batch's own statistics while training or where none are tracked, else with the running ones.
/// </summary>
public abstract class BatchNorm : NormBase
{
    public BatchNorm(long num_features, double eps, double momentum, bool affine, bool track_running_stats, torch.Device? device,
        torch.ScalarType? dtype, string name) : base(num_features, eps, momentum, affine, track_running_stats, device, dtype,
        name)
    {
    }

    public override torch.Tensor forward(torch.Tensor input)
    {
        ValidateInputDimensions(input);
        var newBatch = momentum ?? 0;
        if (training && num_batches_tracked is { } seen)
        {
            using (new NoGrad()) Aten.Add_Scalar.RunInPlace(seen, 1L);
            newBatch = momentum ?? 1.0 / seen.ToDouble();
        }
        var ofBatch = training || running_mean is null;
        var track = !training || track_running_stats;
        return torch.nn.functional.batch_norm(input, track ? running_mean : null, track ? running_var : null, weight, bias,
            ofBatch, newBatch, eps);
    }
}
