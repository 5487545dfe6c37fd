using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// z = W x + b with a learned dense matrix: log|det W| by LU in O(d^3) at every call. Composed, such maps stay affine.
/// </summary>
public sealed class DenseLinear : LinearBijection
{
    private readonly Parameter weight;
    private readonly Parameter bias;

    /// <summary>Starts at the identity.</summary>
    public DenseLinear(int d) : this(torch.eye(Arguments.AtLeastOne(d)), torch.zeros(d))
    {
    }

    /// <summary>Starts at a given matrix [d, d] and bias [d].</summary>
    /// <exception cref="ArgumentException">The matrix is not square, not invertible, or does not fit the bias.</exception>
    public DenseLinear(Tensor matrix, Tensor bias) : base(nameof(DenseLinear), Size(matrix, bias))
    {
        weight = new Parameter(matrix.detach().clone());
        this.bias = new Parameter(bias.detach().clone());
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override Tensor Bias => bias;

    /// <inheritdoc/>
    public override Tensor Matrix() => weight.alias();

    /// <inheritdoc/>
    public override Tensor LogAbsDet() => torch.linalg.slogdet(weight).Item2;

    /// <inheritdoc/>
    protected override Tensor Solve(Tensor y) => torch.linalg.solve(weight, y);

    private static int Size(Tensor matrix, Tensor bias)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(bias);
        if (matrix.dim() != 2 || matrix.size(0) != matrix.size(1) || bias.dim() != 1 || bias.size(0) != matrix.size(0))
            throw new ArgumentException(
                $"An affine map takes a matrix [d, d] and a bias [d], but was given {Shapes.Text(matrix.shape)} and "
                + $"{Shapes.Text(bias.shape)}.", nameof(matrix));
        using var scope = NewDisposeScope();
        if (!double.IsFinite(torch.linalg.slogdet(matrix.detach()).Item2.ToDouble()))
            throw new ArgumentException("The matrix is not invertible: its determinant is 0 or no number.", nameof(matrix));
        return (int)matrix.size(0);
    }
}
