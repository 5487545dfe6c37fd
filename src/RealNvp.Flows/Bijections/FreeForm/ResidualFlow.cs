using RealNvp.Flows.Networks;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>How a residual flow takes log det(I + J).</summary>
public enum ResidualLogDet
{
    /// <summary>By the determinant of the d x d Jacobian, which is d forward passes in one.</summary>
    Exact,

    /// <summary>
    /// The power series sum_k (-1)^(k+1) tr(J^k) / k cut after so many terms, traces by random signs: biased (Behrmann et al.
    /// 2019, arXiv:1811.00995).
    /// </summary>
    PowerSeries,

    /// <summary>
    /// The series cut at a random place and weighted so that its mean is exact: Russian roulette (Chen et al. 2019,
    /// arXiv:1906.02735).
    /// </summary>
    RussianRoulette,
}

/// <summary>
/// z = x + g(x) with a perceptron g whose Lipschitz constant is held below 1: invertible, by the fixed-point iteration x = z -
/// g(x), which converges like L^k (i-ResNet; Behrmann et al. 2019. Residual flows; Chen et al. 2019). Each of g's n weight
/// matrices W is divided by max(1, |W|_2 / c^(1/n)) and its nonlinearity, LipSwish, has slope at most 1, so L is at most c. With
/// exact log-determinants the inverse takes Newton's step where that is the better one.
/// </summary>
/// <example>
/// <code>
/// var f = new ResidualFlow(2, [32, 32]);
/// var x = randn(5, 2);
/// var (z, logDet) = f.Forward(x);
/// Console.WriteLine(f.Inverse(z).X.allclose(x, 1e-3, 1e-4));   // by a fixed point
/// // prints True
/// </code>
/// </example>
public sealed class ResidualFlow : Bijection
{
    private readonly ContractivePerceptron network;
    private readonly double coefficient;
    [ComputationSetting]
    private readonly ResidualLogDet method;
    [ComputationSetting]
    private readonly int terms;

    /// <summary>Of d features.</summary>
    /// <param name="d">Features.</param>
    /// <param name="hidden">Widths of the hidden layers of g.</param>
    /// <param name="method">How the log-determinant is taken.</param>
    /// <param name="coefficient">c, the bound of g's Lipschitz constant, below 1.</param>
    /// <param name="terms">Terms of the power series, or those that the roulette always takes.</param>
    /// <exception cref="ArgumentOutOfRangeException">c is not in (0, 1), or terms is not positive.</exception>
    public ResidualFlow(int d, IReadOnlyList<int> hidden, ResidualLogDet method = ResidualLogDet.Exact,
        double coefficient = 0.98, int terms = 8)
        : base(nameof(ResidualFlow), Arguments.Vector(nameof(ResidualFlow), d))
    {
        ArgumentNullException.ThrowIfNull(hidden);
        ResidualMap.RequireCoefficient(coefficient);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(terms);
        network = new ContractivePerceptron([d, .. Arguments.Widths(hidden), d], coefficient);
        (this.coefficient, this.method, this.terms) = (coefficient, method, terms);
        RegisterComponents();
    }

    /// <summary>A bound of g's Lipschitz constant, c.</summary>
    public double LipschitzBound => coefficient;

    /// <summary>g(x), [N, d].</summary>
    public Tensor Residual(Tensor x) => network.Bounded().Value(x);

    private ResidualMap Map() => new(network.Bounded(), method, terms);

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) => Map().Forward(x);

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) => Map().Inverse(z);

    /// <inheritdoc/>
    protected override string Title => $"ResidualFlow {network}, Lipschitz below {LipschitzBound:g3}, {method} log-det";
}
