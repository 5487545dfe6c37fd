using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>How a mixture is fitted.</summary>
public sealed record MixtureOptions
{
    /// <summary>Fits from different starts, of which the likeliest is kept: the likelihood is not concave.</summary>
    public int Restarts { get; init; } = 8;

    /// <summary>Steps of EM at most.</summary>
    public int MaxSteps { get; init; } = 500;

    /// <summary>EM stops when the mean log-likelihood rises by less, in nats.</summary>
    public double Tolerance { get; init; } = 1e-8;

    /// <summary>Added to each variance, as a part of the data's variance: a component cannot collapse onto a point.</summary>
    public double CovarianceFloor { get; init; } = 1e-6;

    /// <summary>Seed of the starts.</summary>
    public long Seed { get; init; }

    /// <exception cref="ArgumentException">A number is senseless.</exception>
    internal void Validate(string argument)
    {
        if (Restarts < 1) throw new ArgumentException($"EM takes at least one restart, but was given {Restarts}.", argument);
        if (MaxSteps < 1) throw new ArgumentException($"EM needs at least one step, but was given {MaxSteps}.", argument);
        if (!(Tolerance >= 0))
            throw new ArgumentException($"{nameof(Tolerance)} is not negative, but was {Tolerance}.", argument);
        if (!(CovarianceFloor >= 0) || !double.IsFinite(CovarianceFloor))
            throw new ArgumentException($"{nameof(CovarianceFloor)} is a finite number that is not negative, but was "
                + $"{CovarianceFloor}.", argument);
    }
}

/// <summary>
/// A mixture of full-covariance normals, log p(x) = logsumexp_k(log w_k + log N(x; m_k, L_k L_k^T)), fitted by expectation
/// maximisation (Dempster, Laird, Rubin 1977) from k-means++ starts (Arthur, Vassilvitskii 2007).
/// </summary>
/// <example>
/// <code>
/// var mixture = GaussianMixture.Fit(Toys.EightGaussians(1000), components: 8);
/// Console.WriteLine($"{mixture.Components} components, weights that sum to {mixture.Weights.sum().ToDouble():f3}");
/// // prints 8 components, weights that sum to 1.000
/// </code>
/// </example>
public sealed class GaussianMixture : Distribution
{
    private readonly Tensor logWeights;
    private readonly Tensor means;
    private readonly Tensor factors;

    /// <summary>From weights [K], means [K, d] and covariances [K, d, d].</summary>
    /// <exception cref="ArgumentException">The shapes do not fit, the weights do not sum to 1, or a covariance is not positive
    /// definite.</exception>
    public GaussianMixture(Tensor weights, Tensor means, Tensor covariances)
        : base(nameof(GaussianMixture), Shape(weights, means, covariances))
    {
        using var scope = NewDisposeScope();
        logWeights = weights.detach().log();
        this.means = means.detach().clone();
        var count = means.size(0);
        factors = torch.stack(Enumerable.Range(0, (int)count)
            .Select(k => Cholesky.Of(covariances[k].detach(), nameof(covariances))));
        RegisterComponents();
    }

    /// <summary>From a fit in float64, to be kept in another dtype: its range may not hold the covariances.</summary>
    private GaussianMixture(ExpectationMaximisation fit, ScalarType dtype) : base(nameof(GaussianMixture), [fit.Means.size(1)])
    {
        using var scope = NewDisposeScope();
        (logWeights, means) = (fit.Weights.log().to(dtype), fit.Means.clone().to(dtype));
        factors = torch.stack(Enumerable.Range(0, (int)fit.Means.size(0)).Select(k => Cholesky.Of(fit.Covariances[k], "x")))
            .to(dtype);
        RegisterComponents();
    }

    /// <summary>Number of components.</summary>
    public long Components => means.size(0);

    /// <summary>Weights [K].</summary>
    public Tensor Weights => logWeights.exp();

    /// <summary>Means [K, d].</summary>
    public Tensor Means => means;

    /// <summary>Lower-triangular factors [K, d, d] of the covariances.</summary>
    public Tensor Factors => factors;

    /// <summary>The likeliest of several maximum-likelihood fits by EM.</summary>
    /// <param name="x">Data [N, d].</param>
    /// <param name="components">K.</param>
    /// <param name="options">Starts, stopping, floor.</param>
    /// <exception cref="ArgumentException">There are fewer events than K (d + 1), a value is not finite, a feature does not vary,
    /// there is no restart, or components collapse onto points for want of a floor.</exception>
    public static GaussianMixture Fit(Tensor x, int components, MixtureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(components);
        options ??= new();
        options.Validate(nameof(options));
        if (x.dim() != 2)
            throw new ArgumentException($"A mixture is fitted to data [N, d], but was given {Shapes.Text(x.shape)}.", nameof(x));
        if (x.size(0) < components * (x.size(1) + 1))
            throw new ArgumentException(
                $"{components} full-covariance components in {x.size(1)} dimensions need at least "
                + $"{components * (x.size(1) + 1)} events, but was given {x.size(0)}.", nameof(x));
        Data.Finite.RequireFittable(nameof(GaussianMixture), x, nameof(x));
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var data = x.detach().to(torch.float64);
        var random = new Random((int)options.Seed);
        var best = Enumerable.Range(0, options.Restarts)
            .Select(_ => ExpectationMaximisation.Run(data, components, options, random))
            .MaxBy(fit => fit.MeanLogLikelihood)!;
        return new(best, x.dtype);
    }

    /// <summary>log w_k + log N(x; m_k, L_k L_k^T), [N, K].</summary>
    public Tensor LogJoint(Tensor x)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(LogJoint(x, logWeights, means, factors));
    }

    internal static Tensor LogJoint(Tensor x, Tensor logWeights, Tensor means, Tensor factors)
    {
        var centred = (x.unsqueeze(0) - means.unsqueeze(1)).transpose(1, 2);                       // [K, d, N]
        var white = torch.linalg.solve_triangular(factors, centred, upper: false);
        var logScale = factors.diagonal(0, 1, 2).log().sum(1L);                                     // [K]
        var log = (white * white).sum(1L) * -0.5 - (logScale - logWeights).unsqueeze(1);            // [K, N]
        return log.t() - 0.5 * x.size(1) * Math.Log(2 * Math.PI);
    }

    /// <inheritdoc/>
    protected internal override Tensor LogDensity(Tensor x, Tensor? context) =>
        LogJoint(x, logWeights, means, factors).logsumexp(1);

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator)
    {
        if (n == 0) return torch.empty([0, means.size(1)], means.dtype, means.device);
        var which = logWeights.exp().multinomial(n, replacement: true, generator: generator);
        var noise = torch.randn([n, means.size(1), 1], means.dtype, means.device, generator: generator);
        return factors.index_select(0, which).bmm(noise).squeeze(2) + means.index_select(0, which);
    }

    private static long[] Shape(Tensor weights, Tensor means, Tensor covariances)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(covariances);
        var k = weights.dim() == 1 ? weights.size(0) : -1;
        var d = means.dim() == 2 ? means.size(1) : -1;
        if (k < 1 || d < 1 || means.size(0) != k || !covariances.shape.SequenceEqual([k, d, d]))
            throw new ArgumentException(
                "A mixture is made of weights [K], means [K, d] and covariances [K, d, d], but was given "
                + $"{Shapes.Text(weights.shape)}, {Shapes.Text(means.shape)} and "
                + $"{Shapes.Text(covariances.shape)}.", nameof(weights));
        using var scope = NewDisposeScope();
        if (weights.lt(0).any().ToBoolean())
            throw new ArgumentException("The weights of a mixture are not negative, but at least one of these is.",
                nameof(weights));
        var sum = weights.sum().ToDouble();
        if (Math.Abs(sum - 1) > 1e-4)
            throw new ArgumentException($"The weights of a mixture sum to 1, but these sum to {sum:g6}.", nameof(weights));
        return [d];
    }

    /// <inheritdoc/>
    public override string ToString() => $"GaussianMixture of {Components} in {EventShape[0]} dimensions";
}
