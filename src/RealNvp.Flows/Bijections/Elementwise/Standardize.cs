using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// The fixed affine map z = (x - mean) / scale, feature by feature; its log-det makes log-likelihoods on the data's own scale.
/// Not learned: mean and scale are buffers.
/// </summary>
public sealed class Standardize : Bijection
{
    private readonly Tensor mean;
    private readonly Tensor scale;

    /// <summary>From a mean and a positive scale of the event's shape.</summary>
    /// <exception cref="ArgumentException">The shapes differ, or a scale is not positive.</exception>
    public Standardize(Tensor mean, Tensor scale) : base(nameof(Standardize), Shape(mean, scale))
    {
        using var scope = NewDisposeScope();
        this.mean = mean.detach().clone();
        this.scale = scale.detach().clone();
        RegisterComponents();
    }

    /// <summary>
    /// Mean and standard deviation (dividing by N) of data [N, ...event], taken in float64 and kept in the data's dtype.
    /// </summary>
    /// <exception cref="ArgumentException">There are no events, a value is not finite, or a feature does not vary; row and column
    /// are named.</exception>
    public static Standardize Fit(Tensor x)
    {
        Data.Finite.RequireFittable(nameof(Standardize), x, nameof(x));
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var wide = x.to(torch.float64);
        return new(wide.mean([0]).to(x.dtype), wide.std(0L, unbiased: false).to(x.dtype));
    }

    /// <summary>The mean of the event's shape.</summary>
    public Tensor Mean => mean;

    /// <summary>The scale of the event's shape.</summary>
    public Tensor Scale => scale;

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) =>
        ((x - mean) / scale, scale.log().sum().neg().expand(x.size(0)));

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) =>
        (z * scale + mean, scale.log().sum().expand(z.size(0)));

    private static long[] Shape(Tensor mean, Tensor scale)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(scale);
        if (!mean.shape.SequenceEqual(scale.shape) || mean.dim() == 0)
            throw new ArgumentException(
                $"Mean and scale have the event's shape, but were given {Shapes.Text(mean.shape)} and "
                + $"{Shapes.Text(scale.shape)}.", nameof(scale));
        using var scope = NewDisposeScope();
        if (!scale.gt(0).all().ToBoolean())
            throw new ArgumentException("Each scale is positive, but at least one is not: a feature that does not vary cannot "
                + "be standardised.", nameof(scale));
        return mean.shape;
    }
}
