using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// z = exp(A) x + b with the matrix exponential of any A: always invertible, the inverse is exp(-A), and log det = trace A
/// (Golinski, Lezcano-Casado, Rainforth 2019; Xiao, Liu 2020, arXiv:2007.09651). It reaches matrices of positive determinant
/// only.
/// </summary>
public sealed class ExponentialLinear : LinearBijection
{
    private readonly Parameter generator;
    private readonly Parameter bias;

    /// <summary>Starts near the identity.</summary>
    public ExponentialLinear(int d) : base(nameof(ExponentialLinear), d)
    {
        generator = SmallNormal(d, d);
        bias = Zeros(d);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override Tensor Bias => bias;

    /// <inheritdoc/>
    public override Tensor Matrix() => torch.matrix_exp(generator);

    /// <inheritdoc/>
    public override Tensor LogAbsDet() => generator.trace();

    /// <inheritdoc/>
    protected override Tensor Solve(Tensor y) => torch.matrix_exp(generator.neg()).mm(y);
}
