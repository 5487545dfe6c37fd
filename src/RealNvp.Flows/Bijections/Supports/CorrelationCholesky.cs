using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// From correlation matrices C = L L^T of n variables onto the space of n (n - 1) / 2 numbers: z_ij = atanh(w_ij) of the partial
/// correlations w_ij = L_ij / (1 - sum_(k &lt; j) L_ik^2)^(1/2), i &gt; j, row by row (Lewandowski, Kurowicka, Joe 2009,
/// section 3). The density is taken over the entries below the diagonal.
/// </summary>
/// <remarks>
/// With s_ij = sum_(k &gt;= j) L_ik^2, the log-determinant is -sum_(i &gt; j) [log s_i(j + 1) - log s_ij / 2] - sum_j (n - 1 -
/// j) log L_jj, j from 0. A matrix that is not symmetric, has another diagonal than ones (to 1e-5) or is not positive definite
/// has a log-determinant of minus infinity.
/// </remarks>
public sealed class CorrelationCholesky : Bijection
{
    private const double Tolerance = 1e-5;

    private readonly int n;
    private readonly Tensor below;   // places of (i, j), i > j, in the flattened matrix

    /// <summary>Of n variables.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two.</exception>
    public CorrelationCholesky(int n) : base(nameof(CorrelationCholesky), [Arguments.AtLeastTwo(n), n], [Math.Max(1, n * (n - 1) / 2)])
    {
        this.n = n;
        below = torch.tensor(Enumerable.Range(0, n)
            .SelectMany(i => Enumerable.Range(0, i).Select(j => (long)(i * n + j))).ToArray());
        RegisterComponents();
    }

    /// <summary>Where matrices [N, n, n] are no correlation matrices, [N].</summary>
    internal Tensor Outside(Tensor c)
    {
        using var guard = torch.no_grad();
        var uneven = (c - c.transpose(1, 2)).abs().gt(Tolerance).flatten(1).any(1)
            | (c.diagonal(0, 1, 2) - 1).abs().gt(Tolerance).any(1);
        var whole = torch.where((uneven | Spoiled(c)).view(-1, 1, 1), Identity(c), c);
        return uneven | torch.linalg.cholesky_ex(whole).info.ne(0);
    }

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (outside, spoiled) = (Outside(x), Spoiled(x));
        var factor = torch.linalg.cholesky(torch.where((outside | spoiled).view(-1, 1, 1), Identity(x), x));
        var rest = factor.square().flip(2).cumsum(2).flip(2).flatten(1);   // s_ij
        var (here, next) = (rest.index_select(1, below), rest.index_select(1, below + 1));
        var z = (factor.flatten(1).index_select(1, below) / next.sqrt()).asinh();
        var logs = next.log() - here.log() / 2;
        var logDet = (logs.sum(1L) + (factor.diagonal(0, 1, 2).log() * Columns(x)).sum(1L)).neg();
        return (z.masked_fill(spoiled.unsqueeze(1), double.NaN),
            logDet.masked_fill(outside, double.NegativeInfinity).masked_fill(spoiled, double.NaN));
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var size = z.abs();
        var lost = (size + (size * -2).exp().log1p() - Math.Log(2)) * -2;   // log(1 - tanh(z)^2)
        var logs = Matrix(lost);
        var logRest = logs.cumsum(2) - logs;                                // log s_ij
        var factor = ((Matrix(z.tanh()) + Identity(z)) * (logRest / 2).exp()).tril();
        var logDet = lost.sum(1L) + logRest.flatten(1).index_select(1, below).sum(1L) / 2
            + (logRest.diagonal(0, 1, 2) * Columns(z)).sum(1L) / 2;
        return (factor.matmul(factor.transpose(1, 2)), logDet);
    }

    /// <summary>Entries [N, n (n - 1) / 2] below the diagonal of a matrix of zeros.</summary>
    private Tensor Matrix(Tensor entries) =>
        entries.new_zeros(entries.size(0), n * n).index_add(1, below, entries, 1).view(-1, n, n);

    private Tensor Columns(Tensor like) => torch.arange(n - 1, -1, -1, like.dtype, like.device);   // n - 1 - j

    private static Tensor Spoiled(Tensor c) => c.isnan().flatten(1).any(1);

    private Tensor Identity(Tensor like) => torch.eye(n, n, like.dtype, like.device);

    /// <inheritdoc/>
    protected override string Title => $"CorrelationCholesky [{n}, {n}]";
}
