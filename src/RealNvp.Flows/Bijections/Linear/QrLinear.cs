using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// z = Q R x + b with Q a product of Householder reflections I - 2 v v^T / |v|^2 and R upper triangular with diagonal exp(s):
/// log|det| is the sum of s, the inverse a transpose and a triangular solve (Tomczak, Welling 2016, arXiv:1611.09630; Hoogeboom
/// et al. 2019, arXiv:1901.11137).
/// </summary>
public sealed class QrLinear : LinearBijection
{
    private readonly Parameter vectors;
    private readonly Parameter upper;
    private readonly Parameter logDiagonal;
    private readonly Parameter bias;

    /// <summary>Starts near a rotation.</summary>
    /// <param name="d">Features.</param>
    /// <param name="reflections">Number of reflections; d of them reach every orthogonal matrix of one sign. Null is d.</param>
    public QrLinear(int d, int? reflections = null) : base(nameof(QrLinear), d)
    {
        Arguments.AtLeastOne((long?)reflections, nameof(reflections));
        vectors = new Parameter(torch.randn(reflections ?? d, d));
        upper = Zeros(d, d);
        logDiagonal = Zeros(d);
        bias = Zeros(d);
        RegisterComponents();
    }

    /// <summary>Q [d, d], orthogonal to rounding.</summary>
    public Tensor Orthogonal() => Householder.Product(vectors);

    private Tensor R() => upper.triu(1) + torch.diag(logDiagonal.exp());

    /// <inheritdoc/>
    protected override Tensor Bias => bias;

    /// <inheritdoc/>
    public override Tensor Matrix() => Orthogonal().mm(R());

    /// <inheritdoc/>
    public override Tensor LogAbsDet() => logDiagonal.sum();

    /// <inheritdoc/>
    protected override Tensor Solve(Tensor y) => torch.linalg.solve_triangular(R(), Orthogonal().t().mm(y), upper: true);
}
