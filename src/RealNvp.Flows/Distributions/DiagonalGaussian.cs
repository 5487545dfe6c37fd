using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>
/// Independent normals with learned means and log-scales, log p(x) = sum_i log N(x_i; m_i, exp(s_i)^2): a base that training
/// moves.
/// </summary>
public sealed class DiagonalGaussian : IndependentDistribution
{
    private readonly Parameter mean;
    private readonly Parameter logScale;

    /// <summary>Starts as the standard normal.</summary>
    public DiagonalGaussian(params long[] eventShape) : base(nameof(DiagonalGaussian), eventShape)
    {
        mean = new Parameter(torch.zeros(eventShape));
        logScale = new Parameter(torch.zeros(eventShape));
        RegisterComponents();
    }

    /// <summary>Starts at means drawn from the standard normal, with unit scales.</summary>
    internal static DiagonalGaussian About(long[] eventShape)
    {
        using var guard = torch.no_grad();
        var made = new DiagonalGaussian(eventShape);
        made.mean.normal_();
        return made;
    }

    /// <inheritdoc/>
    protected override Tensor ElementLogDensity(Tensor x)
    {
        var white = (x - mean) * logScale.neg().exp();
        return white * white * -0.5 - logScale - 0.5 * Math.Log(2 * Math.PI);
    }

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator) =>
        torch.randn([n, .. EventShape], mean.dtype, mean.device, generator: generator) * logScale.exp() + mean;
}
