using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// z = L x + b with L lower triangular and diagonal exp(s): log|det| is the sum of s. Its fit to data is the Cholesky whitening
/// of a Gaussian.
/// </summary>
public sealed class TriangularLinear : LinearBijection
{
    private readonly Parameter lower;
    private readonly Parameter logDiagonal;
    private readonly Parameter bias;

    /// <summary>Starts at the identity.</summary>
    public TriangularLinear(int d) : base(nameof(TriangularLinear), d)
    {
        lower = Zeros(d, d);
        logDiagonal = Zeros(d);
        bias = Zeros(d);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override Tensor Bias => bias;

    /// <inheritdoc/>
    public override Tensor Matrix() => lower.tril(-1) + torch.diag(logDiagonal.exp());

    /// <inheritdoc/>
    public override Tensor LogAbsDet() => logDiagonal.sum();

    /// <inheritdoc/>
    protected override Tensor Solve(Tensor y) => torch.linalg.solve_triangular(Matrix(), y, upper: false);
}
