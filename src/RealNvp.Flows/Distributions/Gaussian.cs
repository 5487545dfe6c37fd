using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>The normal density N(mean, L L^T) with a full covariance: the baseline that a flow has to beat.</summary>
public sealed class Gaussian : Distribution
{
    private readonly Tensor mean;
    private readonly Tensor factor;

    /// <summary>From a mean [d] and a covariance [d, d].</summary>
    /// <exception cref="ArgumentException">The shapes do not fit, or the covariance is not symmetric or not positive
    /// definite.</exception>
    public Gaussian(Tensor mean, Tensor covariance) : base(nameof(Gaussian), MeanShape(mean))
    {
        ArgumentNullException.ThrowIfNull(covariance);
        var d = mean.size(0);
        if (covariance.dim() != 2 || covariance.size(0) != d || covariance.size(1) != d)
            throw new ArgumentException(
                $"The covariance of {d} features has shape [{d}, {d}], but was given {Shapes.Text(covariance.shape)}.",
                nameof(covariance));
        using var scope = NewDisposeScope();
        this.mean = mean.detach().clone();
        factor = Cholesky.Of(covariance.detach(), nameof(covariance));
        RegisterComponents();
    }

    /// <summary>From a mean and a covariance in float64, to be kept in another dtype: its range may not hold the
    /// squares.</summary>
    private Gaussian(Tensor mean, Tensor covariance, ScalarType dtype) : base(nameof(Gaussian), mean.shape)
    {
        using var scope = NewDisposeScope();
        this.mean = mean.to(dtype);
        factor = Cholesky.Of(covariance, "x").to(dtype);
        RegisterComponents();
    }

    /// <summary>The maximum-likelihood fit: the data's mean, and the covariance that divides by N.</summary>
    /// <param name="x">Data [N, d], N above d.</param>
    /// <exception cref="ArgumentException">There are too few events, a value is not finite, or their covariance is
    /// singular.</exception>
    public static Gaussian Fit(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.dim() != 2)
            throw new ArgumentException($"A Gaussian is fitted to data [N, d], but was given {Shapes.Text(x.shape)}.", nameof(x));
        if (x.size(0) <= x.size(1))
            throw new ArgumentException(
                $"A full covariance of {x.size(1)} features needs more than {x.size(1)} events, but was given {x.size(0)}.",
                nameof(x));
        Data.Finite.RequireFittable(nameof(Gaussian), x, nameof(x));
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var wide = x.to(torch.float64);
        var mean = wide.mean([0]);
        var centred = wide - mean;
        return new(mean, centred.t().mm(centred) / x.size(0), x.dtype);
    }

    /// <summary>The mean [d].</summary>
    public Tensor Mean => mean;

    /// <summary>The lower-triangular L [d, d] with covariance L L^T.</summary>
    public Tensor Factor => factor;

    /// <summary>log p(x) for a lower-triangular factor, [N].</summary>
    internal static Tensor LogDensity(Tensor x, Tensor mean, Tensor factor)
    {
        var white = torch.linalg.solve_triangular(factor, (x - mean).t(), upper: false);
        return (white * white).sum(0L) * -0.5 - factor.diagonal().log().sum() - 0.5 * mean.size(0) * Math.Log(2 * Math.PI);
    }

    /// <inheritdoc/>
    protected internal override Tensor LogDensity(Tensor x, Tensor? context) => LogDensity(x, mean, factor);

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator) =>
        torch.randn([n, mean.size(0)], mean.dtype, mean.device, generator: generator).mm(factor.t()) + mean;

    private static long[] MeanShape(Tensor mean)
    {
        ArgumentNullException.ThrowIfNull(mean);
        return mean.dim() == 1
            ? mean.shape
            : throw new ArgumentException($"The mean has shape [d], but was given {Shapes.Text(mean.shape)}.", nameof(mean));
    }
}
