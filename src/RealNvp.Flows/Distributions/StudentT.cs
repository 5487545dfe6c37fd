using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>
/// Student's t of v degrees of freedom, element by element: log p(x) = log Gamma((v + 1) / 2) - log Gamma(v / 2) - log(v pi) / 2
/// - (v + 1) / 2 log(1 + x^2 / v). Heavy tails that a Lipschitz flow cannot make from a normal (Jaini et al. 2020,
/// arXiv:1907.04481).
/// </summary>
public sealed class StudentT : IndependentDistribution
{
    private readonly Tensor degrees;

    /// <summary>With the same degrees of freedom for each element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">degrees is not positive, or not finite (that is the normal).</exception>
    public StudentT(double degrees, params long[] eventShape) : base(nameof(StudentT), eventShape)
    {
        if (!(degrees > 0) || !double.IsFinite(degrees))
            throw new ArgumentOutOfRangeException(nameof(degrees), degrees,
                "The degrees of freedom are positive and finite; of infinitely many, t is the normal.");
        using var scope = NewDisposeScope();
        this.degrees = torch.tensor(degrees).to(torch.get_default_dtype());
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override Tensor ElementLogDensity(Tensor x)
    {
        // log(1 + u^2) = 2 log max(|u|, 1) + log(1 + min(|u|, 1 / |u|)^2), which squares nothing large: tails are as long as
        // numbers are.
        var u = x.abs() / degrees.sqrt();
        var large = u.clamp_min(1);
        var bend = large.log() * 2 + (u.clamp_max(1) / large).square().log1p();
        return LogNormalizer().to(x.dtype) - bend * ((degrees + 1) / 2);
    }

    /// <summary>
    /// log Gamma((v + 1) / 2) - log Gamma(v / 2) - log(v pi) / 2, in float64: its terms grow as v log v and cancel.
    /// </summary>
    private Tensor LogNormalizer()
    {
        var v = degrees.to(torch.float64);
        return ((v + 1) / 2).lgamma() - (v / 2).lgamma() - (v * Math.PI).log() / 2;
    }

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator)
    {
        var normal = torch.randn([n, .. EventShape], degrees.dtype, degrees.device, generator: generator);
        var half = (degrees / 2).expand(EventShape);
        // chi-squared of v degrees
        var gamma = torch.distributions.Gamma(half, torch.full_like(half, 0.5), generator).sample(n).detach();
        var limits = torch.finfo(normal.dtype);
        return (normal / (gamma.clamp_min(limits.tiny) / degrees).sqrt()).clamp(-limits.max, limits.max);
    }
}
