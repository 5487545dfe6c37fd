using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>The Beta(a, b) density on (0, 1): log p(x) = (a - 1) log x + (b - 1) log(1 - x) - log B(a, b).</summary>
public sealed class Beta : IndependentDistribution
{
    private readonly Tensor a;
    private readonly Tensor b;

    /// <summary>With the same two shape parameters for each element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">a or b is not positive.</exception>
    public Beta(double a, double b, params long[] eventShape) : base(nameof(Beta), eventShape)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(a);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(b);
        using var scope = NewDisposeScope();
        this.a = torch.tensor(a).to(torch.get_default_dtype()).DetachFromDisposeScope();
        this.b = torch.tensor(b).to(torch.get_default_dtype()).DetachFromDisposeScope();
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override Tensor ElementLogDensity(Tensor x)
    {
        var inside = x.gt(0) & x.lt(1);
        var at = torch.where(inside, x, torch.full_like(x, 0.5));
        var log = (a - 1) * at.log() + (b - 1) * at.neg().log1p() - (a.lgamma() + b.lgamma() - (a + b).lgamma());
        return torch.where(inside, log, torch.full_like(x, double.NegativeInfinity));
    }

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator) =>
        torch.distributions.Beta(a.expand(EventShape), b.expand(EventShape), generator).sample(n).detach();
}
