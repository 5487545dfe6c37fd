using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// From the simplex (K positive parts that sum to 1) onto the space of K - 1 numbers, by breaking a stick: z_k = log(x_k /
/// (x_(k + 1) + ... + x_K)) + log(K - k), so that equal parts are z = 0. The density on the simplex is taken over the first K -
/// 1 parts: logDet = -sum_k log x_k, of all K parts (Stan Development Team, reference manual, "Unit simplex").
/// </summary>
/// <remarks>
/// Where a part is not positive, or the sum is off 1 by more than 1e-5, z is 0 and the log-determinant minus infinity. Sums of
/// the parts still to come are taken in place of 1 less those before, which would cancel.
/// </remarks>
public sealed class StickBreaking : Bijection
{
    internal const double SumTolerance = 1e-5;

    private readonly Tensor offsets;   // log(K - k), [K - 1]

    /// <summary>Of K parts.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two.</exception>
    public StickBreaking(int parts) : base(nameof(StickBreaking), [Arguments.AtLeastTwo(parts)], [Math.Max(1, parts - 1)])
    {
        using var scope = NewDisposeScope();
        offsets = torch.arange(parts - 1, 0, -1, torch.float64).log().to(torch.get_default_dtype());
        RegisterComponents();
    }

    /// <summary>Where events [N, K] are no parts of a whole, [N].</summary>
    internal static Tensor Outside(Tensor x) => x.le(0).any(1) | (x.sum(1L) - 1).abs().gt(SumTolerance);

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (outside, parts) = (Outside(x), x.size(1));
        var log = Edge.Log(x.masked_fill(outside.unsqueeze(1), 1.0 / parts));
        var rest = Edge.Log(x.masked_fill(outside.unsqueeze(1), 1.0 / parts).flip(1).cumsum(1).flip(1));   // x_k + ... + x_K
        var z = log.narrow(1, 0, parts - 1) - rest.narrow(1, 1, parts - 1) + offsets;
        return (z, log.sum(1L).neg().masked_fill(outside, double.NegativeInfinity));
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var at = z - offsets;
        var zero = torch.zeros_like(at);
        var (broken, kept) = (torch.logaddexp(at.neg(), zero).neg(), torch.logaddexp(at, zero).neg().cumsum(1));
        var before = torch.cat([torch.zeros_like(at.narrow(1, 0, 1)), kept], 1);   // log of what is left, [N, K]
        var last = at.size(1);
        var log = torch.cat([broken + before.narrow(1, 0, last), before.narrow(1, last, 1)], 1);
        return (log.exp().clamp_min(torch.finfo(z.dtype).tiny), log.sum(1L));
    }

    /// <inheritdoc/>
    protected override string Title => $"StickBreaking of {EventShape![0]} parts";
}
