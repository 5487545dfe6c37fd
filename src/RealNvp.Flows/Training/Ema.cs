using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>
/// An exponential moving average of parameters and running statistics, a' = d a + (1 - d) p after each update, with d = min(decay, (1 + t) / (10 + t)) at
/// update t, so that the start is soon forgotten (Polyak, Juditsky 1992; the warm-up is TensorFlow's). A model is evaluated with the averages, which
/// jitter less than the parameters.
/// </summary>
internal sealed class Ema : IDisposable
{
    private readonly nn.Module model;
    private readonly FlatParameters parameters;
    private readonly double decay;
    private readonly Tensor keep;
    private readonly Tensor part;
    private readonly Dictionary<string, Tensor> buffers = [];
    private bool swapped;

    internal Ema(nn.Module model, FlatParameters parameters, double decay)
    {
        (this.model, this.parameters, this.decay) = (model, parameters, decay);
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        Values = parameters.Values.clone().DetachFromDisposeScope();
        keep = Values.new_zeros([]).DetachFromDisposeScope();
        part = Values.new_zeros([]).DetachFromDisposeScope();
        foreach (var (name, buffer) in model.named_buffers())
            if (buffer.is_floating_point()) buffers[name] = buffer.detach().clone().DetachFromDisposeScope();
    }

    /// <summary>The average of every parameter, [P].</summary>
    internal Tensor Values { get; }

    /// <summary>The averages of running statistics, by name.</summary>
    internal IReadOnlyDictionary<string, Tensor> Buffers => buffers;

    /// <summary>Sets the decay of update t, counted from 1. Call it under no_grad.</summary>
    internal void Prepare(long t)
    {
        var d = Math.Min(decay, (1.0 + t) / (10 + t));
        keep.fill_(d);
        part.fill_(1 - d);
    }

    /// <summary>Takes the parameters in, as prepared. Call it under no_grad.</summary>
    internal void Update()
    {
        Average(Values, parameters.Values);
        foreach (var (name, buffer) in model.named_buffers())
            if (buffers.TryGetValue(name, out var average)) Average(average, buffer);
    }

    private void Average(Tensor average, Tensor value) => average.mul_(keep).addcmul_(value, part, 1);

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
        foreach (var (name, buffer) in model.named_buffers())
            if (buffers.TryGetValue(name, out var average)) Exchange(buffer, average);
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
        keep.Dispose();
        part.Dispose();
        foreach (var buffer in buffers.Values) buffer.Dispose();
    }

    private sealed class Return(Ema ema) : IDisposable
    {
        public void Dispose() => ema.Swap();
    }
}
