using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// z = (x^l - 1) / l of positive x, log x at l = 0, with an exponent for each element: log dz/dx = (l - 1) log x (Box, Cox 1964).
/// It makes skewed data more even.
/// </summary>
/// <remarks>
/// Its values lie above -1 / l (below, for negative l), so a normal base behind it has a tail that no x takes up: put <see
/// cref="Interval"/> between where the density has to integrate to 1 exactly. Where x is not positive, and where z is no value,
/// the log-determinant is minus infinity.
/// </remarks>
public sealed class BoxCox : ElementwiseBijection
{
    private const double Widest = 4;   // exponents are sought in [-4, 4]
    private const int Cuts = 60;       // of the interval, by the golden section: to 2e-12

    private readonly Tensor exponents;

    /// <summary>From exponents of the event's shape.</summary>
    /// <exception cref="ArgumentException">An exponent is not finite.</exception>
    public BoxCox(Tensor exponents)
        : base(nameof(BoxCox), (exponents ?? throw new ArgumentNullException(nameof(exponents))).shape)
    {
        Data.Finite.Require(exponents, nameof(exponents));
        using var scope = NewDisposeScope();
        this.exponents = exponents.detach().to(torch.get_default_dtype(), copy: true);
        RegisterComponents();
    }

    /// <summary>
    /// The exponents in [-4, 4] under which each feature is likeliest as a normal: the maximum of (l - 1) mean log x - log sd(z)
    /// (Box, Cox 1964, section 3).
    /// </summary>
    /// <param name="x">Positive data [N, d].</param>
    /// <exception cref="ArgumentException">A value is not finite or not positive, or a feature does not vary; row and column are
    /// named.</exception>
    public static BoxCox Fit(Tensor x)
    {
        Data.Finite.RequireFittable(nameof(BoxCox), x, nameof(x));
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        Data.Finite.RequireWithin(x.le(0), x, nameof(x), "the positive half-line");
        var log = x.to(torch.float64).log();
        var (low, high) = (torch.full_like(log[0], -Widest), torch.full_like(log[0], Widest));
        var part = (Math.Sqrt(5) - 1) / 2;
        for (var k = 0; k < Cuts; k++)
        {
            var (left, right) = (high - (high - low) * part, low + (high - low) * part);
            var rising = Likelihood(left, log).lt(Likelihood(right, log));
            (low, high) = (torch.where(rising, left, low), torch.where(rising, high, right));
        }
        return new((low + high) / 2);
    }

    /// <summary>l, of the event's shape.</summary>
    public Tensor Exponents => exponents;

    /// <summary>The log-likelihood of each feature over N, but for constants, at its best mean and variance.</summary>
    private static Tensor Likelihood(Tensor exponents, Tensor log) =>
        (exponents - 1) * log.mean([0]) - Value(log, exponents).std(0L, unbiased: false).log();

    private static Tensor Value(Tensor log, Tensor exponents)
    {
        var u = log * exponents;
        return log * Ratio(u, u.expm1());
    }

    /// <summary>y / u, 1 where u is 0.</summary>
    private static Tensor Ratio(Tensor u, Tensor y)
    {
        var none = u.eq(0);
        return torch.where(none, torch.ones_like(u), y / u.masked_fill(none, 1));
    }

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogDerivative) ForwardCore(Tensor x)
    {
        var outside = x.le(0) | x.isposinf();
        var log = Edge.Log(x.masked_fill(outside, 1));
        return (Value(log, exponents), (log * (exponents - 1)).masked_fill(outside, double.NegativeInfinity));
    }

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDerivative) InverseCore(Tensor y)
    {
        var outside = (y * exponents).le(-1);
        var at = y.masked_fill(outside, 0);
        var u = at * exponents;
        var log = at * Ratio(u, u.log1p());
        return (log.exp(), (log * (1 - exponents)).masked_fill(outside, double.NegativeInfinity));
    }

    /// <inheritdoc/>
    protected override string Title => $"BoxCox {Shapes.Text(EventShape!)}";
}
