using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// z = L^-1 (x - m - W^T c): what a linear regression of x on its context c leaves over, whitened by L, lower triangular; the
/// log-determinant is -sum log L_ii. With a standard normal base it is the linear-Gaussian posterior of x given c. Not learned:
/// m, W and L are buffers.
/// </summary>
public sealed class ConditionalWhiten : Bijection
{
    private const double Ridge = 1e-6;    // of a feature's variance: copies of a feature share a weight, one that stays has none
    private const double Jitter = 1e-6;   // of x's variance: the regression may leave nothing over

    private readonly Tensor mean;
    private readonly Tensor weight;
    private readonly Tensor factor;

    /// <summary>From m [d], W [c, d] and L [d, d].</summary>
    /// <exception cref="ArgumentException">The shapes do not fit, or L is not lower triangular with a positive
    /// diagonal.</exception>
    public ConditionalWhiten(Tensor mean, Tensor weight, Tensor factor)
        : base(nameof(ConditionalWhiten), Shape(mean, weight, factor), contextSize: weight.size(0))
    {
        using var scope = NewDisposeScope();
        this.mean = mean.detach().clone();
        this.weight = weight.detach().clone();
        this.factor = factor.detach().clone();
        RegisterComponents();
    }

    /// <summary>Least squares of pairs, in float64, kept in the data's dtype.</summary>
    /// <param name="x">Events [N, d].</param>
    /// <param name="context">Contexts [N, c]; best standardised.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, a value is not finite, or a feature of x does not
    /// vary.</exception>
    public static ConditionalWhiten Fit(Tensor x, Tensor context)
    {
        Data.Finite.RequireFittable(nameof(ConditionalWhiten), x, nameof(x));
        ArgumentNullException.ThrowIfNull(context);
        if (x.dim() != 2 || context.dim() != 2 || context.size(0) != x.size(0))
            throw new ArgumentException($"Pairs of events [N, d] and contexts [N, c] are fitted, but were given "
                + $"{Shapes.Text(x.shape)} and {Shapes.Text(context.shape)}.", nameof(context));
        Data.Finite.Require(context, nameof(context));
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var n = x.size(0);
        var (y, c) = (x.to(torch.float64), context.to(torch.float64));
        var (yMean, cMean) = (y.mean([0]), c.mean([0]));
        (y, c) = (y - yMean, c - cMean);
        var normal = c.t().mm(c) / n;
        var ridge = torch.diag(normal.diagonal() * Ridge + Ridge * Ridge);
        var weight = torch.linalg.solve(normal + ridge, c.t().mm(y) / n);
        var left = y - c.mm(weight);
        var covariance = left.t().mm(left) / n + torch.diag(y.square().mean([0]) * Jitter);
        return new((yMean - cMean.unsqueeze(0).mm(weight).squeeze(0)).to(x.dtype), weight.to(x.dtype),
            torch.linalg.cholesky(covariance).to(x.dtype));
    }

    private Tensor Expected(Tensor context) => mean.addmm(context, weight);

    private Tensor LogDet(Tensor like) => factor.diagonal().log().sum().neg().expand(like.size(0));

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) =>
        (torch.linalg.solve_triangular(factor, (x - Expected(context!)).t(), upper: false).t(), LogDet(x));

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) =>
        (z.mm(factor.t()) + Expected(context!), LogDet(z).neg());

    private static long[] Shape(Tensor mean, Tensor weight, Tensor factor)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(factor);
        var d = mean.dim() == 1 ? mean.size(0) : -1;
        if (d < 1 || weight.dim() != 2 || weight.size(1) != d || weight.size(0) < 1 || !factor.shape.SequenceEqual([d, d]))
            throw new ArgumentException($"A mean [d] goes with weights [c, d] and a factor [d, d], but was given "
                + $"{Shapes.Text(mean.shape)}, {Shapes.Text(weight.shape)} and {Shapes.Text(factor.shape)}.", nameof(weight));
        using var scope = NewDisposeScope();
        return factor.diagonal().gt(0).all().ToBoolean() && factor.triu(1).eq(0).all().ToBoolean() ? [d]
            : throw new ArgumentException("The factor is lower triangular with a positive diagonal, as a Cholesky factor is.",
                nameof(factor));
    }

    /// <inheritdoc/>
    protected override string Title => $"ConditionalWhiten [{mean.size(0)}], context {weight.size(0)}";
}
