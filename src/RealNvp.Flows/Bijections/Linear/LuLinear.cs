using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// z = P L U x + b with a fixed permutation P, L unit lower triangular and U upper triangular with diagonal sign exp(s): log|det|
/// is the sum of s in O(d), the inverse two triangular solves (Kingma, Dhariwal 2018, arXiv:1807.03039, section 3.2; Oliva et al.
/// 2018, arXiv:1801.09819).
/// </summary>
public sealed class LuLinear : LinearBijection
{
    private readonly Parameter lower;
    private readonly Parameter upper;
    private readonly Parameter logDiagonal;
    private readonly Parameter bias;
    private readonly Tensor sign;
    private readonly Tensor permutation;

    /// <summary>Starts at a random rotation, whose LU decomposition fixes P and the signs; or at the identity.</summary>
    /// <param name="d">Features.</param>
    /// <param name="identity">Start at the identity.</param>
    public LuLinear(int d, bool identity = false) : base(nameof(LuLinear), d)
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var start = identity ? torch.eye(d) : torch.linalg.qr(torch.randn(d, d)).Q;
        var (p, l, u) = torch.linalg.lu(start);
        permutation = p.contiguous();
        sign = u.diagonal().sign();
        lower = new Parameter(l.tril(-1).contiguous());
        upper = new Parameter(u.triu(1).contiguous());
        logDiagonal = new Parameter(u.diagonal().abs().log());
        bias = Zeros(d);
        RegisterComponents();
    }

    private Tensor L() => lower.tril(-1) + torch.eye(EventShape![0], dtype: lower.dtype, device: lower.device);

    private Tensor U() => upper.triu(1) + torch.diag(sign * logDiagonal.exp());

    /// <inheritdoc/>
    protected override Tensor Bias => bias;

    /// <inheritdoc/>
    public override Tensor Matrix() => permutation.mm(L()).mm(U());

    /// <inheritdoc/>
    public override Tensor LogAbsDet() => logDiagonal.sum();

    /// <inheritdoc/>
    protected override Tensor Solve(Tensor y)
    {
        var unpermuted = permutation.t().mm(y);
        var half = torch.linalg.solve_triangular(L(), unpermuted, upper: false, unitriangular: true);
        return torch.linalg.solve_triangular(U(), half, upper: true);
    }
}
