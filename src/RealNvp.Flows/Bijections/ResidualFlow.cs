using RealNvp.Flows.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>How a residual flow takes log det(I + J).</summary>
public enum ResidualLogDet
{
    /// <summary>By the determinant of the d x d Jacobian, d reverse passes.</summary>
    Exact,

    /// <summary>The power series sum_k (-1)^(k+1) tr(J^k) / k cut after so many terms, traces by random signs: biased (Behrmann et al. 2019).</summary>
    PowerSeries,

    /// <summary>The series cut at a random place and weighted so that its mean is exact: Russian roulette (Chen et al. 2019).</summary>
    RussianRoulette,
}

/// <summary>
/// z = x + g(x) with a perceptron g whose Lipschitz constant is held below 1: invertible, by the fixed-point iteration x = z - g(x), which converges like
/// L^k (i-ResNet; Behrmann et al. 2019. Residual flows; Chen et al. 2019). Each weight matrix W is divided by max(1, |W|_2 / c), |W|_2 its exact largest
/// singular value, and the nonlinearity has slope at most 1, so L is at most c^layers.
/// </summary>
public sealed class ResidualFlow : Bijection
{
    private const int LargestIterations = 2000;

    private readonly ModuleList<Dense> layers;
    private readonly double coefficient;
    private readonly ResidualLogDet method;
    private readonly int terms;

    /// <summary>Of d features.</summary>
    /// <param name="d">Features.</param>
    /// <param name="hidden">Widths of the hidden layers of g.</param>
    /// <param name="method">How the log-determinant is taken.</param>
    /// <param name="coefficient">c, below 1.</param>
    /// <param name="terms">Terms of the power series, or those that the roulette always takes.</param>
    /// <exception cref="ArgumentOutOfRangeException">c is not in (0, 1), or terms is not positive.</exception>
    public ResidualFlow(int d, IReadOnlyList<int> hidden, ResidualLogDet method = ResidualLogDet.Exact, double coefficient = 0.9, int terms = 8)
        : base(nameof(ResidualFlow), [d])
    {
        ArgumentNullException.ThrowIfNull(hidden);
        if (!(coefficient is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(coefficient), coefficient, "The coefficient lies in (0, 1).");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(terms);
        int[] widths = [d, .. hidden, d];
        layers = new ModuleList<Dense>([.. Enumerable.Range(0, widths.Length - 1).Select(k => new Dense(widths[k], widths[k + 1]))]);
        (this.coefficient, this.method, this.terms) = (coefficient, method, terms);
        RegisterComponents();
    }

    /// <summary>A bound of g's Lipschitz constant, c^layers.</summary>
    public double LipschitzBound => Math.Pow(coefficient, layers.Count);

    /// <summary>g(x), [N, d].</summary>
    public Tensor Residual(Tensor x)
    {
        var h = x;
        for (var k = 0; k < layers.Count; k++)
        {
            h = layers[k].Bias.addmm(h, Bounded(layers[k].Weight));
            if (k < layers.Count - 1) h = h.elu(1.0);
        }
        return h;
    }

    private Tensor Bounded(Tensor weight)
    {
        var norm = torch.linalg.matrix_norm(weight, 2.0);
        return weight / (norm / coefficient).clamp_min(1);
    }

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) Normalize(Tensor x, Tensor? context)
    {
        var wanted = torch.is_grad_enabled();
        using var guard = torch.enable_grad();
        var at = wanted && x.requires_grad ? x : x.detach().requires_grad_();
        var g = Residual(at);
        var logDet = LogDet(g, at, wanted);
        var z = at + g;
        return wanted ? (z, logDet) : (z.detach(), logDet.detach());
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) Generate(Tensor z, Tensor? context)
    {
        var wanted = torch.is_grad_enabled();
        var root = FixedPoint(z.detach());
        if (wanted)
        {
            // One Newton step with a constant Jacobian at the root: it moves nothing, and carries the implicit function's gradients.
            using var guard = torch.enable_grad();
            var at = root.detach().requires_grad_();
            var jacobian = Jacobian(Residual(at), at, keepGraph: false).detach();
            var miss = root + Residual(root) - z;
            root = root - torch.linalg.solve(jacobian + Identity(z), miss.unsqueeze(2)).squeeze(2);
        }
        return (root, Normalize(root, context).LogDet.neg());
    }

    private Tensor FixedPoint(Tensor z)
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var enough = 4 * torch.finfo(z.dtype).eps;
        var x = z - Residual(z);
        for (var k = 0; k < LargestIterations; k++)
        {
            using var inner = NewDisposeScope();
            var next = z - Residual(x);
            var moved = ((next - x).abs() / (x.abs() + 1)).max().ToDouble();
            x = inner.MoveToOuter(next);
            if (!(moved > enough)) break;
        }
        return scope.MoveToOuter(x.alias());
    }

    private Tensor LogDet(Tensor g, Tensor x, bool keepGraph)
    {
        if (method == ResidualLogDet.Exact) return torch.linalg.slogdet(Jacobian(g, x, keepGraph) + Identity(x)).Item2;
        // Roulette: term k beyond the sure ones survives with probability 2^-(k - sure), by whose inverse it is weighted.
        var last = terms;
        if (method == ResidualLogDet.RussianRoulette)
            while (torch.rand(1).ToDouble() < 0.5) last++;
        using var noiseGuard = torch.no_grad();
        var noise = torch.randint_like(x, 0, 2) * 2 - 1;
        using var guard = torch.enable_grad();
        var sum = x.new_zeros(x.size(0));
        var vector = noise;
        for (var k = 1; k <= last; k++)
        {
            vector = torch.autograd.grad([g], [x], [vector], retain_graph: true, create_graph: keepGraph)[0];
            var weight = method == ResidualLogDet.RussianRoulette && k > terms ? Math.Pow(2, k - terms) : 1;
            sum = sum.add((vector * noise).sum(1L), weight * (k % 2 == 1 ? 1.0 : -1.0) / k);
        }
        return sum;
    }

    private static Tensor Jacobian(Tensor g, Tensor x, bool keepGraph) =>
        torch.stack(Enumerable.Range(0, (int)x.size(1)).Select(i =>
            torch.autograd.grad([g.select(1, i).sum()], [x], retain_graph: true, create_graph: keepGraph)[0]).ToArray(), 1);

    private static Tensor Identity(Tensor x) => torch.eye(x.size(1), dtype: x.dtype, device: x.device);

    /// <inheritdoc/>
    protected override string Title =>
        $"ResidualFlow {string.Join(" -> ", [layers[0].Inputs, .. layers.Select(l => l.Outputs)])}, Lipschitz below {LipschitzBound:g3}, {method} log-det";
}
