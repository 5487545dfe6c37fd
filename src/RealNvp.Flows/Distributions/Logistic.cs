using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>
/// The standard logistic density: log p(x) = -log(1 + exp(x)) - log(1 + exp(-x)), NICE's base for images (Dinh et al. 2015,
/// arXiv:1410.8516, section 3.4).
/// </summary>
public sealed class Logistic : IndependentDistribution
{
    private readonly Tensor zero;

    /// <summary>Of independent elements.</summary>
    public Logistic(params long[] eventShape) : base(nameof(Logistic), eventShape)
    {
        zero = torch.zeros([]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override Tensor ElementLogDensity(Tensor x)
    {
        var nothing = torch.zeros_like(x);
        return (torch.logaddexp(x, nothing) + torch.logaddexp(x.neg(), nothing)).neg();
    }

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator)
    {
        var tiny = torch.finfo(zero.dtype).tiny;
        var u = torch.rand([n, .. EventShape], zero.dtype, zero.device, generator: generator).clamp_min(tiny);
        return u.log() - u.neg().log1p();
    }
}
