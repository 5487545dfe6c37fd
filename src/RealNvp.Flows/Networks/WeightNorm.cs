using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// w = g v / |v| for each output channel (Salimans, Kingma 2016, equation 2), with its gradient (equation 3) in closed form:
/// dg = (dw . v) / |v|, dv = (g / |v|) (dw - v (dw . v) / |v|^2). As a chain of operators it costs several times the passes over the weights.
/// </summary>
/// <remarks>
/// On a GPU, where a model of images is mostly small kernels and each launch counts, libtorch's own two kernels do it in place of these twelve. TorchSharp's API does
/// not have them, so on the nuget stack the twelve stay.
/// </remarks>
internal sealed class WeightNorm : torch.autograd.SingleTensorFunction<WeightNorm>
{
    /// <inheritdoc/>
    public override string Name => nameof(WeightNorm);

    private static readonly Func<Tensor, Tensor, Tensor>? Fused = LocalStack.Method<Func<Tensor, Tensor, Tensor>>("FusedWeightNorm", "Of");

    /// <summary>The weight [outputs, inputs, H, W] of direction v, shaped likewise, and length g [outputs, 1, 1, 1].</summary>
    internal static Tensor Of(Tensor v, Tensor g)
    {
        if (Fused is not null && v.device_type == DeviceType.CUDA)
            return Fused(v.permute(0, 2, 3, 1).contiguous(), g).permute(0, 3, 1, 2);   // as it lies in memory: contiguous() copies nothing
        return torch.is_grad_enabled() ? apply(v, g) : v * (g / Length(v));
    }

    /// <summary>|v| of each output channel, [outputs, 1, ...].</summary>
    internal static Tensor Length(Tensor v) => torch.linalg.vector_norm(v, dims: AllButFirst(v), keepdim: true);

    private static long[] AllButFirst(Tensor v) => [.. Enumerable.Range(1, (int)v.dim() - 1).Select(k => (long)k)];

    /// <inheritdoc/>
    public override Tensor forward(torch.autograd.AutogradContext ctx, params object[] vars)
    {
        var (v, g) = ((Tensor)vars[0], (Tensor)vars[1]);
        ctx.save_for_backward([v, g]);
        return v * (g / Length(v));
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(torch.autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (v, g, dw) = (saved[0], saved[1], grad_output);
        var length = Length(v);
        var along = (dw * v).sum(AllButFirst(v), keepdim: true) / length;
        var scale = g / length;
        return [scope.MoveToOuter((dw * scale).addcmul_(v, along * scale / length, -1)), scope.MoveToOuter(along)];
    }
}
