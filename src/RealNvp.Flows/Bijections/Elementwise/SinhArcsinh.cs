using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// z = sinh(delta asinh(x) + epsilon) with a learned skewness epsilon and tail weight delta = exp(d) for each element (Jones,
/// Pewsey 2009, doi:10.1093/biomet/asp053). log dz/dx = log delta + log cosh(delta asinh(x) + epsilon) - log(1 + x^2) / 2.
/// </summary>
public sealed class SinhArcsinh : ElementwiseBijection
{
    private readonly Parameter skewness;
    private readonly Parameter logTail;

    /// <summary>Starts as the identity.</summary>
    public SinhArcsinh(params long[] eventShape) : base(nameof(SinhArcsinh), eventShape)
    {
        skewness = new Parameter(torch.zeros(eventShape));
        logTail = new Parameter(torch.zeros(eventShape));
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogDerivative) ForwardCore(Tensor x)
    {
        var u = x.asinh() * logTail.exp() + skewness;
        return (u.sinh(), logTail + LogCosh(u) - (x * x).log1p() / 2);
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDerivative) InverseCore(Tensor y)
    {
        var u = (y.asinh() - skewness) / logTail.exp();
        return (u.sinh(), LogCosh(u) - logTail - (y * y).log1p() / 2);
    }

    private static Tensor LogCosh(Tensor u) => torch.logaddexp(u, u.neg()) - Math.Log(2);
}
