using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Inference;

/// <summary>
/// One Hamiltonian move of chains: a fresh normal momentum, leapfrog steps, and acceptance by the energy's change (Duane et al.
/// 1987; Neal 2011, arXiv:1206.1901, section 5.2). An energy that is no number is refused.
/// </summary>
internal static class Hamiltonian
{
    /// <summary>What the step size is steered to: Neal finds 0.65 best, a little above is safer.</summary>
    private const double Wanted = 0.8;

    /// <summary>Moves z [N, D] and gives, for each chain, log p there and the probability of acceptance.</summary>
    internal static (Tensor Z, Tensor Log, double Acceptance) Move(Func<Tensor, Tensor> log, Tensor z, double size, int leaps,
        Generator? generator)
    {
        using var scope = NewDisposeScope();
        var momentum = torch.randn(z.shape, z.dtype, z.device, generator: generator);
        var (start, slope) = Gradient(log, z);
        var (at, p) = (z, momentum + slope * (size / 2));
        var end = start;
        for (var k = 0; k < leaps; k++)
        {
            at = at + p * size;
            (end, slope) = Gradient(log, at);
            p = p + slope * (k == leaps - 1 ? size / 2 : size);
        }
        var change = end - start - 0.5 * (p.square().flatten(1).sum(1L) - momentum.square().flatten(1).sum(1L));
        change = change.nan_to_num(double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity);
        var take = torch.rand(change.shape, change.dtype, change.device, generator: generator).log().lt(change);
        var rows = take.view([z.size(0), .. z.shape[1..].Select(_ => 1L)]);
        return (scope.MoveToOuter(torch.where(rows, at, z)), scope.MoveToOuter(torch.where(take, end, start)),
            change.clamp_max(0).exp().mean().ToDouble());
    }

    /// <summary>The next step size of a warm-up, after so many moves.</summary>
    internal static double Adapted(double size, double acceptance, int move) =>
        size * Math.Exp((acceptance - Wanted) / Math.Sqrt(move + 1));

    private static (Tensor Log, Tensor Slope) Gradient(Func<Tensor, Tensor> log, Tensor z)
    {
        using var guard = torch.enable_grad();
        using var scope = NewDisposeScope();
        var at = z.detach().requires_grad_();
        var value = log(at);
        var slope = torch.autograd.grad([value.sum()], [at])[0];
        return (scope.MoveToOuter(value.detach()), scope.MoveToOuter(slope.detach()));
    }
}
