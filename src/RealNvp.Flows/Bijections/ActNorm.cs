using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// A learned shift and scale for each channel, z = (x + b) exp(s), started from the first training batch so that its z has mean 0 and variance 1:
/// logDet = H W sum s (Kingma, Dhariwal 2018, section 3.1). A channel that does not vary in that batch is shifted only.
/// </summary>
public sealed class ActNorm : Bijection
{
    private readonly Parameter shift;
    private readonly Parameter logScale;
    private readonly Tensor started;   // 0 until the first training batch; a buffer, so that a loaded model does not start again
    private bool seenStarted;          // since train() was called: to read the buffer at each batch would make the host wait for the device each time

    /// <summary>For vectors [d] or images [C, H, W]: one shift and scale for each entry of the first event dimension.</summary>
    public ActNorm(params long[] eventShape) : base(nameof(ActNorm), eventShape)
    {
        long[] shape = [eventShape[0], .. eventShape[1..].Select(_ => 1L)];
        shift = new Parameter(torch.zeros(shape)).Kept();
        logScale = new Parameter(torch.zeros(shape)).Kept();
        started = torch.zeros([]).DetachFromDisposeScope();
        RegisterComponents();
    }

    private long Places => EventShape![1..].Elements();

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) Normalize(Tensor x, Tensor? context)
    {
        if (training && !seenStarted && x.size(0) > 0) StartOnce(x);
        return ((x + shift) * logScale.exp(), (logScale.sum() * Places).expand(x.size(0)));
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) Generate(Tensor z, Tensor? context) =>
        (z / logScale.exp() - shift, (logScale.sum() * -Places).expand(z.size(0)));

    /// <inheritdoc/>
    public override void train(bool train = true)
    {
        seenStarted = false;
        base.train(train);
    }

    private void StartOnce(Tensor x)
    {
        if (started.ToDouble() == 0) Start(x);
        seenStarted = true;
    }

    private void Start(Tensor x)
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        long[] over = [0, .. Enumerable.Range(2, (int)x.dim() - 2).Select(k => (long)k)];
        var mean = x.mean(over, keepdim: true);
        var deviation = (x - mean).square().mean(over, keepdim: true).sqrt();
        // What does not vary, as in a batch of one event, tells no scale.
        deviation = deviation.masked_fill(deviation.le(mean.abs() * 1e-6 + 1e-6), 1);
        shift.copy_(mean.squeeze(0).neg());
        logScale.copy_(deviation.squeeze(0).log().neg());
        started.fill_(1);
    }

    /// <inheritdoc/>
    protected override string Title => $"ActNorm {Shapes.Text(EventShape!)}";
}
