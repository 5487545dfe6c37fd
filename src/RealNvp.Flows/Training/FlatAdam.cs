using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>
/// Adam (Kingma, Ba 2015, algorithm 1) over one long parameter tensor, with decoupled weight decay (Loshchilov, Hutter 2019) where it is not zero.
/// Its state is two tensors and a step count, which a checkpoint keeps.
/// </summary>
/// <remarks>
/// On the CPU the update runs block by block, so that its dozen passes find the block in the processor's cache and not in memory. What changes from step to
/// step lies in tensors (<see cref="Prepare"/>), so that the rest can be captured and replayed.
/// </remarks>
internal sealed class FlatAdam : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;
    private const double LargestInverse = 1e30;
    private const long BlockSize = 1 << 16;

    private readonly FlatParameters parameters;
    private readonly double weightDecay;
    private readonly Tensor scale;
    private readonly Tensor floor;
    private readonly Tensor keep;
    private readonly Block[] blocks;

    internal FlatAdam(FlatParameters parameters, double weightDecay)
    {
        this.parameters = parameters;
        this.weightDecay = weightDecay;
        FirstMoment = torch.zeros_like(parameters.Values).DetachFromDisposeScope();
        SecondMoment = torch.zeros_like(parameters.Values).DetachFromDisposeScope();
        Tensor Number() => parameters.Values.new_zeros([]).DetachFromDisposeScope();
        (scale, floor, keep) = (Number(), Number(), Number());
        var total = parameters.Values.numel();
        var size = parameters.Values.device.type == DeviceType.CPU ? BlockSize : total;
        blocks = [.. Enumerable.Range(0, (int)((total + size - 1) / size)).Select(k => BlockAt(k * size, Math.Min(size, total - k * size)))];
    }

    internal Tensor FirstMoment { get; }

    internal Tensor SecondMoment { get; }

    /// <summary>Updates done so far.</summary>
    internal long Count { get; set; }

    /// <summary>Sets the next update's learning rate r and bias corrections. Call it under no_grad.</summary>
    internal void Prepare(double learningRate)
    {
        Count++;
        var (correction1, correction2) = (1 - Math.Pow(Beta1, Count), Math.Sqrt(1 - Math.Pow(Beta2, Count)));
        // r (m / c1) / (sqrt(v) / c2 + epsilon) as m / (scale sqrt(v) + floor); a rate of 0 stands still at any m that float32 holds.
        var inverse = Math.Min(correction1 / learningRate, LargestInverse);
        scale.fill_(inverse / correction2);
        floor.fill_(Math.Max(inverse * Epsilon, learningRate == 0 ? LargestInverse : 0));
        if (weightDecay != 0) keep.fill_(1 - learningRate * weightDecay);
    }

    /// <summary>Moves the parameters by one update, as prepared. Call it under no_grad.</summary>
    internal void Step()
    {
        foreach (var (values, gradients, first, second) in blocks)
        {
            first.mul_(Beta1).add_(gradients, 1 - Beta1);
            second.mul_(Beta2).addcmul_(gradients, gradients, 1 - Beta2);
            using var divisor = second.sqrt();
            divisor.mul_(scale).add_(floor);
            if (weightDecay != 0) values.mul_(keep);
            values.addcdiv_(first, divisor, -1);
        }
    }

    private Block BlockAt(long start, long length)
    {
        Tensor Part(Tensor whole) => whole.narrow(0, start, length).DetachFromDisposeScope();
        return new(Part(parameters.Values), Part(parameters.Gradients), Part(FirstMoment), Part(SecondMoment));
    }

    /// <summary>Views of one stretch of the four tensors.</summary>
    private readonly record struct Block(Tensor Values, Tensor Gradients, Tensor FirstMoment, Tensor SecondMoment);

    public void Dispose()
    {
        foreach (var (values, gradients, first, second) in blocks)
        {
            values.Dispose();
            gradients.Dispose();
            first.Dispose();
            second.Dispose();
        }
        foreach (var tensor in (Tensor[])[FirstMoment, SecondMoment, scale, floor, keep]) tensor.Dispose();
    }
}
