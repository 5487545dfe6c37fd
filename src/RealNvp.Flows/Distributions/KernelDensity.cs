using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>
/// A kernel density estimate, p(x) = mean_i N(x; x_i, H) with H = h^2 S, S the data's covariance: no training, and a yardstick
/// for flows on the plane. By default h = (4 / ((d + 2) n))^(1 / (d + 4)) (Silverman 1986, equation 4.14).
/// </summary>
/// <example>
/// <code>
/// var density = new KernelDensity(Toys.Moons(300));
/// Console.WriteLine(density.LogProb(zeros(1, 2)).shape[0]);
/// // prints 1
/// </code>
/// </example>
public sealed class KernelDensity : Distribution
{
    private readonly Tensor centre;    // taken off before whitening, which would else cost digits far from 0
    private readonly Tensor points;    // whitened: factor^-1 (x_i - centre) / h
    private readonly Tensor factor;    // h L, with L L^T = S

    /// <summary>From data [n, d], n above d.</summary>
    /// <param name="x">The data.</param>
    /// <param name="bandwidth">h; null is Silverman's.</param>
    /// <exception cref="ArgumentException">There are too few events, a value is not finite, their covariance is singular, or h is
    /// not positive.</exception>
    public KernelDensity(Tensor x, double? bandwidth = null) : base(nameof(KernelDensity), [Gaussian.Fit(x).EventShape[0]])
    {
        var (n, d) = (x.size(0), x.size(1));
        Bandwidth = bandwidth ?? Math.Pow(4.0 / ((d + 2) * n), 1.0 / (d + 4));
        if (!(Bandwidth > 0) || !double.IsFinite(Bandwidth)) throw new ArgumentException("The bandwidth is positive and "
            + $"finite, but was {Bandwidth}.",
            nameof(bandwidth));
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var normal = Gaussian.Fit(x);
        centre = normal.Mean.clone();
        factor = normal.Factor * Bandwidth;
        points = Whiten(x.detach()).contiguous();
        RegisterComponents();
    }

    /// <summary>h.</summary>
    [field: ComputationSetting]
    public double Bandwidth { get; }

    private Tensor Whiten(Tensor x) => torch.linalg.solve_triangular(factor, (x - centre).t(), upper: false).t();

    /// <inheritdoc/>
    protected internal override Tensor LogDensity(Tensor x, Tensor? context)
    {
        var squared = torch.cdist(Whiten(x), points, 2, compute_mode.donot_use_mm_for_euclid_dist).square();
        var constant = Math.Log(points.size(0)) + 0.5 * points.size(1) * Math.Log(2 * Math.PI);
        return (squared * -0.5).logsumexp(1) - factor.diagonal().log().sum() - constant;
    }

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator)
    {
        var which = torch.randint(points.size(0), new[] { n }, device: points.device, generator: generator);
        var noise = torch.randn([n, points.size(1)], points.dtype, points.device, generator: generator);
        return (points.index_select(0, which) + noise).mm(factor.t()) + centre;
    }
}
