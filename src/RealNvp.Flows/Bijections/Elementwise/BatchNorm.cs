using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// Real NVP's batch norm, z = (x - m) / sqrt(v + eps) for each channel, without gain or shift: logDet = -(H W / 2) sum log(v +
/// eps). In training the running averages m' = rho m + (1 - rho) m_batch, v' likewise, take the batch in first and then normalise
/// it, and gradients run through the batch's part only; in evaluation they stand still, so a point's likelihood does not depend
/// on its batch, and the inverse is exact (Dinh et al. 2017, arXiv:1605.08803, appendix E).
/// </summary>
public sealed class BatchNorm : Bijection
{
    private readonly Tensor mean;
    private readonly Tensor variance;
    [ComputationSetting]
    private readonly double momentum;
    private readonly double epsilon;

    /// <summary>For vectors [d] or images [C, H, W]: statistics are kept for each entry of the first event dimension.</summary>
    /// <param name="eventShape">Shape of one event.</param>
    /// <param name="momentum">rho.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <exception cref="ArgumentOutOfRangeException">momentum is not in [0, 1), or epsilon is not positive.</exception>
    public BatchNorm(long[] eventShape, double momentum = 0.9, double epsilon = 1e-5) : base(nameof(BatchNorm), eventShape)
    {
        if (!(momentum is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "The momentum lies in [0, 1).");
        Arguments.Positive(epsilon);
        (this.momentum, this.epsilon) = (momentum, epsilon);
        long[] shape = [eventShape[0], .. eventShape[1..].Select(_ => 1L)];
        mean = torch.zeros(shape);
        variance = torch.ones(shape);
        RegisterComponents();
    }

    private long Places => EventShape![1..].Elements();

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (m, v) = training && x.size(0) > 0 ? TakeIn(x) : (mean, variance);
        var spread = v + epsilon;
        return ((x - m) / spread.sqrt(), (spread.log().sum() * (-0.5 * Places)).expand(x.size(0)));
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var spread = variance + epsilon;
        return (z * spread.sqrt() + mean, (spread.log().sum() * (0.5 * Places)).expand(z.size(0)));
    }

    private (Tensor Mean, Tensor Variance) TakeIn(Tensor x)
    {
        long[] over = [0, .. Enumerable.Range(2, (int)x.dim() - 2).Select(k => (long)k)];
        var batchMean = x.mean(over, keepdim: true);
        var batchVariance = (x - batchMean).square().mean(over, keepdim: true);
        var m = mean * momentum + batchMean.squeeze(0) * (1 - momentum);
        var v = variance * momentum + batchVariance.squeeze(0) * (1 - momentum);
        using (torch.no_grad())
        {
            // A batch with a value that is no number has no statistics: it would spoil the averages for good.
            var finite = m.isfinite() & v.isfinite();
            mean.copy_(torch.where(finite, m, mean));
            variance.copy_(torch.where(finite, v, variance));
        }
        return (m, v);
    }

    /// <inheritdoc/>
    protected override string Title => $"BatchNorm {Shapes.Text(EventShape!)}, momentum {momentum:g4}";
}
