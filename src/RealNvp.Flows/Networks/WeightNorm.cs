using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// w = g v / |v| for each output channel (Salimans, Kingma 2016, arXiv:1602.07868, equation 2), with its gradient (equation 3) in
/// closed form: dg = (dw . v) / |v|, dv = (g / |v|) (dw - v (dw . v) / |v|^2). As a chain of operators it costs several times the
/// passes over the weights.
/// </summary>
internal sealed class WeightNorm : torch.autograd.SingleTensorFunction<WeightNorm>
{
    /// <inheritdoc/>
    public override string Name => nameof(WeightNorm);

    /// <summary>The weight [outputs, inputs, H, W] of direction v, shaped likewise, and length g [outputs, 1, 1, 1].</summary>
    internal static Tensor Of(Tensor v, Tensor g) => torch.is_grad_enabled() ? apply(v, g) : Scaled(v, g);

    private static Tensor Scaled(Tensor v, Tensor g)
    {
        using var length = Length(v);
        using var scale = g / length;
        return v * scale;
    }

    /// <summary>|v| of each output channel, [outputs, 1, ...].</summary>
    internal static Tensor Length(Tensor v) => torch.linalg.vector_norm(v, dims: AllButFirst(v), keepdim: true);

    private static long[] AllButFirst(Tensor v) => [.. Enumerable.Range(1, (int)v.dim() - 1).Select(k => (long)k)];

    /// <inheritdoc/>
    public override Tensor forward(torch.autograd.AutogradContext ctx, params object[] vars)
    {
        var (v, g) = ((Tensor)vars[0], (Tensor)vars[1]);
        ctx.save_for_backward([v, g]);
        return Scaled(v, g);
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
