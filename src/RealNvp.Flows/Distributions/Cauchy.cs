using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>
/// The standard Cauchy density, element by element: log p(x) = -log pi - log(1 + x^2). Its tails are so heavy that it has no
/// mean.
/// </summary>
public sealed class Cauchy : IndependentDistribution
{
    private readonly Tensor zero;

    /// <summary>Of independent elements.</summary>
    public Cauchy(params long[] eventShape) : base(nameof(Cauchy), eventShape)
    {
        zero = torch.zeros([]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override Tensor ElementLogDensity(Tensor x)
    {
        // log(1 + x^2) = 2 log max(|x|, 1) + log(1 + min(|x|, 1 / |x|)^2), which squares nothing large.
        var (large, small) = (x.abs().clamp_min(1), x.abs().clamp_max(1));
        return (large.log() * 2 + (small / large).square().log1p()).neg() - Math.Log(Math.PI);
    }

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator)
    {
        // A quotient of normals, whose tails reach as far as the dtype's numbers; the tangent of a uniform number's do not.
        long[] shape = [n, .. EventShape];
        var (above, below) = (torch.randn(shape, zero.dtype, zero.device, generator: generator),
            torch.randn(shape, zero.dtype, zero.device, generator: generator));
        var limits = torch.finfo(zero.dtype);
        return (above / torch.where(below.eq(0), torch.full_like(below, limits.tiny), below)).clamp(-limits.max, limits.max);
    }
}
