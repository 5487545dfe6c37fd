using RealNvp.Flows.Networks;
using TorchSharp;
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
    private const int LargestIterations = 5000;

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
        if (!(coefficient is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(coefficient), coefficient, "The coefficient lies in (0, 1).");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(terms);
        network = new ContractivePerceptron([d, .. Arguments.Widths(hidden), d], coefficient);
        (this.coefficient, this.method, this.terms) = (coefficient, method, terms);
        RegisterComponents();
    }

    /// <summary>A bound of g's Lipschitz constant, c.</summary>
    public double LipschitzBound => coefficient;

    /// <summary>g(x), [N, d].</summary>
    public Tensor Residual(Tensor x) => network.Bounded().Value(x);

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) =>
        Normalize(network.Bounded(), x);

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var g = network.Bounded();
        var root = Root(g, z.detach());
        if (torch.is_grad_enabled())
        {
            // One Newton step with a constant Jacobian at the root: it moves next to nothing, and carries the implicit function's
            // gradients.
            var miss = root + g.Value(root) - z;
            root = root - NewtonStep(g, root, miss);
        }
        return (root, Normalize(g, root).LogDet.neg());
    }

    private (Tensor Z, Tensor LogDet) Normalize(Contraction g, Tensor x)
    {
        var (value, slopes) = g.ValueAndSlopes(x);
        return (x + value, method == ResidualLogDet.Exact ? LogDet(g.TransposedJacobian(x, slopes)) : Series(g, x, slopes));
    }

    /// <summary>
    /// The x with x + g(x) = z, by event: of the fixed point's step, which shrinks what is missed by L at least, and Newton's,
    /// which is free to do better, the one that misses less; until an event's miss shrinks no further.
    /// </summary>
    private Tensor Root(Contraction g, Tensor z)
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var enough = torch.finfo(z.dtype).eps;
        var x = z - g.Value(z);
        var miss = x + g.Value(x) - z;
        for (var k = 0; k < LargestIterations; k++)
        {
            using var inner = NewDisposeScope();
            var (next, nextMiss) = Tried(g, z, x - miss);
            if (method == ResidualLogDet.Exact)
                (next, nextMiss) = Better(next, nextMiss, Tried(g, z, x - NewtonStep(g, x, miss)));
            // Not a number compares as false: an event that is spoiled does not count, and stays what it is.
            var goesOn = Size(nextMiss).lt(Size(miss)).logical_and(Size(miss).gt((z.abs().amax([1]) + 1) * enough));
            var rows = goesOn.unsqueeze(1);
            (x, miss) = (inner.MoveToOuter(torch.where(rows, next, x)), inner.MoveToOuter(torch.where(rows, nextMiss, miss)));
            if (!goesOn.any().ToBoolean()) break;
        }
        return scope.MoveToOuter(x.alias());
    }

    private static (Tensor X, Tensor Miss) Tried(Contraction g, Tensor z, Tensor x) => (x, x + g.Value(x) - z);

    private static (Tensor X, Tensor Miss) Better(Tensor x, Tensor miss, (Tensor X, Tensor Miss) other)
    {
        var better = Size(other.Miss).lt(Size(miss)).unsqueeze(1);
        return (torch.where(better, other.X, x), torch.where(better, other.Miss, miss));
    }

    private static Tensor Size(Tensor miss) => miss.norm(1);

    /// <summary>(I + J)^-1 miss, J held constant.</summary>
    private static Tensor NewtonStep(Contraction g, Tensor x, Tensor miss)
    {
        return torch.linalg.solve(Jacobian(), miss.unsqueeze(2)).squeeze(2);

        Tensor Jacobian()
        {
            using var guard = torch.no_grad();
            return g.TransposedJacobian(x, g.ValueAndSlopes(x).Slopes).transpose(1, 2) + Identity(x);
        }
    }

    /// <summary>log det(I + J), [N]; J's transpose serves as well.</summary>
    private static Tensor LogDet(Tensor jacobian)
    {
        switch (jacobian.size(1))
        {
            case 1: return jacobian.flatten(0).log1p();
            case 2:
                var j = jacobian.flatten(1).unbind(1);
                return ((j[0] + 1) * (j[3] + 1) - j[1] * j[2]).log();
            default: return torch.linalg.slogdet(jacobian + Identity(jacobian)).Item2;
        }
    }

    private Tensor Series(Contraction g, Tensor x, Tensor[] slopes)
    {
        // Roulette: term k beyond the sure ones survives with probability 2^-(k - sure), by whose inverse it is weighted.
        var last = terms;
        if (method == ResidualLogDet.RussianRoulette)
            while (torch.rand(1).ToDouble() < 0.5) last++;
        var noise = torch.randint_like(x.detach(), 0, 2) * 2 - 1;
        var sum = x.new_zeros(x.size(0));
        var vector = noise;
        for (var k = 1; k <= last; k++)
        {
            vector = g.PulledBack(vector, slopes);
            var weight = method == ResidualLogDet.RussianRoulette && k > terms ? Math.Pow(2, k - terms) : 1;
            sum = sum.add((vector * noise).sum(1L), weight * (k % 2 == 1 ? 1.0 : -1.0) / k);
        }
        return sum;
    }

    private static Tensor Identity(Tensor x) => torch.eye(x.size(1), dtype: x.dtype, device: x.device);

    /// <inheritdoc/>
    protected override string Title => $"ResidualFlow {network}, Lipschitz below {LipschitzBound:g3}, {method} log-det";
}
