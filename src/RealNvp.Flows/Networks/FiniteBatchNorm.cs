using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>torch's batch norm, whose running averages leave out a batch that has no statistics.</summary>
internal static class FiniteBatchNorm
{
    /// <summary>
    /// The norm of [N, C, H, W]. In training a value that is no number would spoil the averages of its channel for good: they
    /// stay what they were.
    /// </summary>
    internal static Tensor Finite(this BatchNorm2d norm, Tensor x)
    {
        if (!norm.training || norm.running_mean is not { } mean || norm.running_var is not { } variance) return norm.call(x);
        using var scope = NewDisposeScope();
        // Copies take the batch in: the backward pass holds what the norm was given to be as it was.
        var (nextMean, nextVariance) = (mean.clone(), variance.clone());
        var y = nn.functional.batch_norm(x, nextMean, nextVariance, norm.weight, norm.bias, true, norm.momentum ?? 0.1, norm.eps);
        using var guard = torch.no_grad();
        norm.num_batches_tracked?.add_(1);
        var finite = nextMean.isfinite() & nextVariance.isfinite();
        mean.copy_(torch.where(finite, nextMean, mean));
        variance.copy_(torch.where(finite, nextVariance, variance));
        return scope.MoveToOuter(y);
    }
}
