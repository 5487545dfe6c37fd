using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>
/// Losses and gradient norms as they come, kept on the model's device: (sum of losses, last norm, number of the first step that was not finite), until the host reads
/// them, which is the only time that it waits.
/// </summary>
internal sealed class LossReader : IDisposable
{
    private readonly Tensor sum;
    private readonly Tensor norm;
    private readonly Tensor firstBad;
    private readonly Tensor taken;
    private long count;
    private double read;
    private bool onDevice;

    internal LossReader(Device device)
    {
        sum = torch.zeros([], ScalarType.Float64, device).DetachFromDisposeScope();
        norm = torch.zeros([], ScalarType.Float64, device).DetachFromDisposeScope();
        firstBad = torch.full([], -1, ScalarType.Float64, device).DetachFromDisposeScope();
        taken = torch.zeros([], ScalarType.Float64, device).DetachFromDisposeScope();
    }

    /// <summary>The norm of the last gradient that was read, before it was cut.</summary>
    internal double LastNorm { get; private set; }

    /// <summary>Takes a step in, on the device: the same work each time. Call it under no_grad, and <see cref="Count"/> for each time that it was done.</summary>
    internal void Add(Tensor loss, Tensor gradientNorm)
    {
        using var scope = NewDisposeScope();
        sum.add_(loss.detach());
        norm.copy_(gradientNorm);
        var bad = (loss.detach() + gradientNorm).isfinite().logical_not().logical_and(firstBad.lt(0));
        firstBad.copy_(torch.where(bad, taken, firstBad));
        taken.add_(1);
    }

    /// <summary>Tells that a step was taken in on the device.</summary>
    internal void Count()
    {
        onDevice = true;
        count++;
    }

    /// <summary>Takes a step in whose numbers are known already, and finite.</summary>
    internal void AddRead(double loss, double gradientNorm)
    {
        read += loss;
        LastNorm = gradientNorm;
        count++;
    }

    /// <summary>What came since the last call, and the first step among it, from 0, whose loss or gradient was not finite; null where nothing came.</summary>
    internal (double Sum, long Count, long? FirstBad)? Read()
    {
        if (count == 0) return null;
        var steps = count;
        count = 0;
        if (!onDevice)
        {
            var known = read;
            read = 0;
            return (known, steps, null);
        }
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var values = torch.stack([sum, norm, firstBad]).cpu().data<double>().ToArray();
        LastNorm = values[1];
        sum.zero_();
        firstBad.fill_(-1);
        taken.zero_();
        onDevice = false;
        return (values[0], steps, values[2] < 0 ? null : (long)values[2]);
    }

    public void Dispose()
    {
        sum.Dispose();
        norm.Dispose();
        firstBad.Dispose();
        taken.Dispose();
    }
}
