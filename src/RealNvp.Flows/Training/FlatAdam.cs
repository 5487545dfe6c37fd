using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>
/// Adam (Kingma, Ba 2015, arXiv:1412.6980, algorithm 1) over one long parameter tensor, with decoupled weight decay (Loshchilov,
/// Hutter 2019, arXiv:1711.05101) where it is not zero. Its state is two tensors and a step count, which a checkpoint keeps.
/// </summary>
/// <remarks>
/// On the CPU the update runs block by block, so that its passes find the block in the processor's cache and not in memory.
/// </remarks>
internal sealed class FlatAdam : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;
    private const long BlockSize = 1 << 16;

    private readonly double weightDecay;
    private readonly Block[] blocks;

    internal FlatAdam(FlatParameters parameters, double weightDecay)
    {
        this.weightDecay = weightDecay;
        FirstMoment = torch.zeros_like(parameters.Values).DetachFromDisposeScope();
        SecondMoment = torch.zeros_like(parameters.Values).DetachFromDisposeScope();
        var total = parameters.Values.numel();
        var size = parameters.Values.device.type == DeviceType.CPU ? BlockSize : total;
        blocks = [.. Enumerable.Range(0, (int)((total + size - 1) / size))
            .Select(k => BlockAt(k * size, Math.Min(size, total - k * size)))];

        Block BlockAt(long start, long length)
        {
            Tensor Part(Tensor whole) => whole.narrow(0, start, length).DetachFromDisposeScope();
            return new(Part(parameters.Values), Part(parameters.Gradients), Part(FirstMoment), Part(SecondMoment));
        }
    }

    internal Tensor FirstMoment { get; }

    internal Tensor SecondMoment { get; }

    /// <summary>Updates done so far.</summary>
    internal long Count { get; set; }

    /// <summary>Moves the parameters by one update, at this learning rate. Call it under no_grad.</summary>
    internal void Step(double learningRate)
    {
        Count++;
        var (correction1, correction2) = (1 - Math.Pow(Beta1, Count), Math.Sqrt(1 - Math.Pow(Beta2, Count)));
        foreach (var (values, gradients, first, second) in blocks)
        {
            first.lerp_(gradients, 1 - Beta1);
            second.mul_(Beta2).addcmul_(gradients, gradients, 1 - Beta2);
            // r (m / c1) / (sqrt(v) / c2 + epsilon), multiplied out by c2: a pass less.
            using var divisor = second.sqrt().add_(Epsilon * correction2);
            if (weightDecay != 0) values.mul_(1 - learningRate * weightDecay);
            values.addcdiv_(first, divisor, -learningRate * correction2 / correction1);
        }
    }

    /// <summary>Views of one stretch of the four tensors.</summary>
    private readonly record struct Block(Tensor Values, Tensor Gradients, Tensor FirstMoment, Tensor SecondMoment);

    public void Dispose()
    {
        foreach (var (values, gradients, first, second) in blocks)
            foreach (var part in (Tensor[])[values, gradients, first, second]) part.Dispose();
        FirstMoment.Dispose();
        SecondMoment.Dispose();
    }
}
