using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>
/// A mixture of full-covariance normals whose weights, means and Cholesky factors are parameters, log p(x) = logsumexp_k(log w_k
/// + log N(x; m_k, L_k L_k^T)): fitted by gradient where <see cref="GaussianMixture"/> is fitted by EM, and a base of several
/// peaks that trains together with its flow.
/// </summary>
public sealed class LearnedMixture : Distribution
{
    private const int StartDraws = 10;

    private readonly Parameter logits;
    private readonly Parameter means;
    private readonly Parameter lower;         // below the diagonal
    private readonly Parameter logDiagonal;

    /// <summary>Equal weights, unit covariances, means drawn from a normal.</summary>
    /// <param name="components">K.</param>
    /// <param name="d">Features.</param>
    /// <param name="spread">Standard deviation of the means.</param>
    public LearnedMixture(int components, int d, double spread = 1) : base(nameof(LearnedMixture),
        Arguments.Vector(nameof(LearnedMixture), d))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(components);
        Arguments.NotNegative(spread);
        using var scope = NewDisposeScope();
        logits = new Parameter(torch.zeros(components));
        means = new Parameter(torch.randn(components, d) * spread);
        lower = new Parameter(torch.zeros(components, d, d));
        logDiagonal = new Parameter(torch.zeros(components, d));
        RegisterComponents();
    }

    /// <summary>Starts at a mixture that is known, one fitted by EM for instance.</summary>
    public LearnedMixture(GaussianMixture start)
        : base(nameof(LearnedMixture), (start ?? throw new ArgumentNullException(nameof(start))).EventShape)
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        logits = new Parameter(start.Weights.log());
        means = new Parameter(start.Means.clone());
        lower = new Parameter(start.Factors.tril(-1));
        logDiagonal = new Parameter(start.Factors.diagonal(0, 1, 2).log());
        RegisterComponents();
    }

    /// <summary>
    /// Means drawn from the data by k-means++, the closest to the data of some draws; diagonal covariances, a K-th part of the
    /// data's.
    /// </summary>
    /// <param name="x">Data [N, d].</param>
    /// <param name="components">K.</param>
    /// <param name="seed">Seed of the start.</param>
    /// <exception cref="ArgumentException">x is no [N, d], holds fewer events than components, or a value that is not
    /// finite.</exception>
    public static LearnedMixture StartedAt(Tensor x, int components, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(x);
        Arguments.AtLeastOne(components);
        if (x.dim() != 2 || x.size(0) < components)
            throw new ArgumentException($"{components} components start at as many events of data [N, d], but was given "
                + $"{Shapes.Text(x.shape)}.", nameof(x));
        Data.Finite.RequireFittable(nameof(LearnedMixture), x, nameof(x), varies: false);
        Data.Rounding.Require(x, torch.get_default_dtype(), nameof(x));
        var mixture = new LearnedMixture(components, (int)x.size(1));
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        x = x.to(torch.float64);
        var scale = x.std(0L, unbiased: false).clamp_min(1e-12);
        var (random, white) = (new Random(seed), x / scale);
        var centres = Enumerable.Range(0, StartDraws).Select(_ => KMeansPlusPlus.Centres(white, components, random))
            .MinBy(drawn => torch.cdist(white, drawn).amin([1L]).square().mean().ToDouble())!;
        mixture.means.copy_(centres * scale);
        mixture.logDiagonal.copy_((scale / Math.Sqrt(components)).log().expand(components, x.size(1)));
        return mixture;
    }

    /// <summary>K.</summary>
    public long Components => means.size(0);

    /// <summary>Weights [K].</summary>
    public Tensor Weights => logits.softmax(0);

    /// <summary>Means [K, d].</summary>
    public Tensor Means => means;

    /// <summary>Lower-triangular factors [K, d, d] of the covariances.</summary>
    public Tensor Factors()
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(lower.tril(-1) + torch.diag_embed(logDiagonal.exp()));
    }

    /// <inheritdoc/>
    protected internal override Tensor LogDensity(Tensor x, Tensor? context) =>
        GaussianMixture.LogJoint(x, logits.log_softmax(0), means, Factors()).logsumexp(1);

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator)
    {
        if (n == 0) return means.new_empty(0, means.size(1));
        var which = Weights.detach().multinomial(n, replacement: true, generator: generator);
        var noise = torch.randn([n, means.size(1), 1], means.dtype, means.device, generator: generator);
        return Factors().index_select(0, which).bmm(noise).squeeze(2) + means.index_select(0, which);
    }

    /// <inheritdoc/>
    public override string ToString() => $"LearnedMixture of {Components} in {EventShape[0]} dimensions";
}
