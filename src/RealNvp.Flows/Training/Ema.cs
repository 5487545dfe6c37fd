using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>
/// An exponential moving average of parameters and running statistics, a' = d a + (1 - d) p after each update, with d =
/// min(decay, (1 + t) / (10 + t)) at update t, so that the start is soon forgotten (Polyak, Juditsky 1992; the warm-up is
/// TensorFlow's). A model is evaluated with the averages, which jitter less than the parameters.
/// </summary>
internal sealed class Ema : IDisposable
{
    private readonly FlatParameters parameters;
    private readonly double decay;
    private readonly (string Name, Tensor Value)[] buffers;
    private readonly Tensor? bufferValues;
    private bool swapped;

    internal Ema(nn.Module model, FlatParameters parameters, double decay)
    {
        (this.parameters, this.decay) = (parameters, decay);
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        Values = parameters.Values.clone().DetachFromDisposeScope();
        buffers = [.. model.named_buffers().Where(b => b.buffer.is_floating_point())];
        bufferValues = InOneRow()?.DetachFromDisposeScope();
    }

    /// <summary>The average of every parameter, [P].</summary>
    internal Tensor Values { get; }

    /// <summary>The averages of running statistics, by name, as views.</summary>
    internal IEnumerable<(string Name, Tensor Value)> Buffers
    {
        get
        {
            var offset = 0L;
            foreach (var (name, buffer) in buffers)
            {
                yield return (name, bufferValues!.narrow(0, offset, buffer.numel()).view(buffer.shape));
                offset += buffer.numel();
            }
        }
    }

    /// <summary>Takes the parameters of update t in, counted from 1. Call it under no_grad.</summary>
    internal void Update(long t)
    {
        using var scope = NewDisposeScope();
        var part = 1 - Math.Min(decay, (1.0 + t) / (10 + t));
        Values.lerp_(parameters.Values, part);
        if (bufferValues is null) return;
        var now = InOneRow()!;
        // What stays is its own average; between two infinities, ends of a half-line say, there is none.
        bufferValues.copy_(torch.where(bufferValues.eq(now), now, bufferValues.lerp(now, part)));
    }

    // A deep model of images has hundreds of small ones: joined, they are averaged by a few operators.
    private Tensor? InOneRow() => buffers.Length == 0 ? null : torch.cat(buffers.Select(b => b.Value.flatten()).ToArray());

    /// <summary>Exchanges the model's values and the averages until what is returned is disposed.</summary>
    internal IDisposable InModel()
    {
        Swap();
        return new Return(this);
    }

    /// <summary>Gives the model the averages for good.</summary>
    internal void PutIntoModel()
    {
        if (!swapped) Swap();
    }

    private void Swap()
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        Exchange(parameters.Values, Values);
        foreach (var ((_, buffer), (_, average)) in buffers.Zip(Buffers)) Exchange(buffer, average);
        swapped = !swapped;
    }

    private static void Exchange(Tensor a, Tensor b)
    {
        var kept = a.clone();
        a.copy_(b);
        b.copy_(kept);
    }

    public void Dispose()
    {
        Values.Dispose();
        bufferValues?.Dispose();
    }

    private sealed class Return(Ema ema) : IDisposable
    {
        public void Dispose() => ema.Swap();
    }
}
