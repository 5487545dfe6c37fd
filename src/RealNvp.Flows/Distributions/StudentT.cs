using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>
/// Student's t of v degrees of freedom, element by element: log p(x) = log Gamma((v + 1) / 2) - log Gamma(v / 2) - log(v pi) / 2 - (v + 1) / 2 log(1 + x^2 / v).
/// Heavy tails that a Lipschitz flow cannot make from a normal (Jaini et al. 2020).
/// </summary>
public sealed class StudentT : IndependentDistribution
{
    private readonly Tensor degrees;

    /// <summary>With the same degrees of freedom for each element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">degrees is not positive.</exception>
    public StudentT(double degrees, params long[] eventShape) : base(nameof(StudentT), eventShape)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(degrees);
        using var scope = NewDisposeScope();
        this.degrees = torch.tensor(degrees).to(torch.get_default_dtype()).DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override Tensor ElementLogDensity(Tensor x)
    {
        var half = (degrees + 1) / 2;
        return half.lgamma() - (degrees / 2).lgamma() - (degrees * Math.PI).log() / 2 - (x * x / degrees).log1p() * half;
    }

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator)
    {
        var normal = torch.randn([n, .. EventShape], degrees.dtype, degrees.device, generator: generator);
        var half = (degrees / 2).expand(EventShape);
        var gamma = torch.distributions.Gamma(half, torch.full_like(half, 0.5), generator).sample(n).detach();   // chi-squared of v degrees
        return normal / (gamma / degrees).sqrt();
    }
}
