using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// A learned shift and scale for each channel, z = (x + b) exp(s), started from the finite events of the first training batch so
/// that their z has mean 0 and variance 1: logDet = H W sum s (Kingma, Dhariwal 2018, arXiv:1807.03039, section 3.1). A channel
/// that does not vary in that batch is shifted only; <see cref="Bijection.ToString"/> says from how many events it started.
/// </summary>
/// <remarks>
/// What lies far outside of all but a few of a channel's values, ten standard deviations of a normal, is left out of the start:
/// one event would else set the scale of all. <see cref="Training.Trainer.Fit"/> starts anew a map that has started, in a look at
/// other data for one, but has not been trained since.
/// </remarks>
public sealed class ActNorm : Bijection
{
    private const int Fewest = 4;   // events of which one can be told to lie far out
    private const double UsualPart = 0.95;
    private const double FarOut = 5;   // times as far as the usual part of events: ten standard deviations of a normal
    private const long Sorted = 1 << 16;   // values of a channel that its median is taken from

    private readonly Parameter shift;
    private readonly Parameter logScale;
    // Events that it started from, 0 until the first training batch; a buffer, so that a loaded model does not start again.
    private readonly Tensor started;
    private (double Shift, double LogScale)? untrained;   // sums of the parameters as the start left them
    private bool seenStarted;   // what the buffer said since the last train(): to read it at each batch would wait for the device

    /// <summary>For vectors [d] or images [C, H, W]: one shift and scale for each entry of the first event dimension.</summary>
    public ActNorm(params long[] eventShape) : base(nameof(ActNorm), eventShape)
    {
        long[] shape = [eventShape[0], .. eventShape[1..].Select(_ => 1L)];
        shift = new Parameter(torch.zeros(shape));
        logScale = new Parameter(torch.zeros(shape));
        started = torch.zeros([]);
        RegisterComponents();
    }

    private long Places => EventShape![1..].Elements();

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        if (training && !seenStarted && x.size(0) > 0) StartOnce(x);
        return ((x + shift) * logScale.exp(), (logScale.sum() * Places).expand(x.size(0)));
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) =>
        (z / logScale.exp() - shift, (logScale.sum() * -Places).expand(z.size(0)));

    /// <inheritdoc/>
    public override void train(bool train = true)
    {
        seenStarted = false;
        base.train(train);
    }

    private void StartOnce(Tensor x)
    {
        seenStarted = started.ToDouble() != 0 || Start(x);
    }

    /// <summary>
    /// From the events of a batch that are finite: one that is not would spoil the model for good. False where none is.
    /// </summary>
    private bool Start(Tensor x)
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        x = x[x.isfinite().flatten(1).all(1)];
        if (x.size(0) == 0) return false;
        long[] over = [0, .. Enumerable.Range(2, (int)x.dim() - 2).Select(k => (long)k)];
        var kept = Near(x, over);
        var count = kept.sum(over, keepdim: true);
        var mean = torch.where(kept, x, torch.zeros_like(x)).sum(over, keepdim: true) / count;
        var deviation = (torch.where(kept, x - mean, torch.zeros_like(x)).square().sum(over, keepdim: true) / count).sqrt();
        // What does not vary, as in a batch of one event, tells no scale.
        deviation = deviation.masked_fill(deviation.le(mean.abs() * 1e-6 + 1e-6), 1);
        shift.copy_(mean.squeeze(0).neg());
        logScale.copy_(deviation.squeeze(0).log().neg());
        started.fill_(x.size(0));
        untrained = Sums();
        return true;
    }

    /// <summary>
    /// The values that lie no further from their channel's median than five times what nineteen of twenty events do, and all
    /// events but one in small batches: a cluster of events counts, a single one far out does not.
    /// </summary>
    private static Tensor Near(Tensor x, long[] over)
    {
        if (x.size(0) < Fewest) return torch.ones_like(x, dtype: ScalarType.Bool);
        long[] shape = [1, x.size(1), .. over[1..].Select(_ => 1L)];
        var channels = x.transpose(0, 1).flatten(1);   // [C, places]
        var each = (channels.size(1) - 1) / Sorted + 1;
        var sorted = channels.slice(1, 0, channels.size(1), each).sort(1).Values;
        var away = (x - sorted.select(1, (sorted.size(1) - 1) / 2).view(shape)).abs();
        // [N, C], the furthest places of each event
        var events = (away.dim() == 2 ? away : away.flatten(2).amax([2L])).sort(0).Values;
        var usual = events.select(0, Math.Min((long)(UsualPart * (x.size(0) - 1)), x.size(0) - 2));
        return away.le((usual * FarOut).view(shape));
    }

    private (double Shift, double LogScale) Sums()
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        return (shift.sum().ToDouble(), logScale.sum().ToDouble());
    }

    /// <summary>Lets the next training batch start it, where it has started but its parameters have not changed since.</summary>
    internal void ForgetUntrainedStart()
    {
        if (untrained is not { } start || started.ToDouble() == 0 || Sums() != start) return;
        using var guard = torch.no_grad();
        started.zero_();
        (seenStarted, untrained) = (false, null);
    }

    /// <inheritdoc/>
    protected override string Title => $"ActNorm {Shapes.Text(EventShape!)}";

    /// <summary>The shape, and how many events it started from.</summary>
    // Not in the title, which every call makes: reading the buffer would wait for the device.
    public override string ToString() =>
        IsDisposed || started.ToDouble() is not (> 0 and var events) ? Title : $"{Title}, started from {events:n0} events";
}
