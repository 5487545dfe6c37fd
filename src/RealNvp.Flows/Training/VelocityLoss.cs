using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>
/// The mean over events x, noise e and times t of |v(t, a x + b e) - (a' x + b' e)|^2, whose minimum is the velocity that carries
/// data into noise (Lipman et al. 2023, arXiv:2210.02747, theorem 2).
/// </summary>
internal sealed class VelocityLoss
{
    private const int HeldOutTimes = 4;   // of each held-out event

    private readonly Distribution noise;
    private readonly VelocityOptions options;

    /// <exception cref="ArgumentException">The flow has another form than layers without parameters, a continuous flow and a base
    /// without parameters.</exception>
    internal VelocityLoss(Flow flow, VelocityOptions options)
    {
        this.options = options;
        noise = flow.Base;
        (Before, Continuous) = Parts(flow);
        if (noise.parameters().Any())
            throw new ArgumentException($"Flow matching draws from the base and does not train it, but {noise.GetName()} has "
                + "parameters; give a base that has none.", nameof(flow));
    }

    internal ContinuousFlow Continuous { get; }

    /// <summary>The layers between the data and the continuous flow.</summary>
    internal IReadOnlyList<Bijection> Before { get; }

    /// <summary>A flow's continuous part and the layers before it, which have no parameters.</summary>
    internal static (IReadOnlyList<Bijection> Before, ContinuousFlow Continuous) Parts(Flow flow)
    {
        var layers = flow.Bijection is Chain chain ? chain.Layers : [flow.Bijection];
        if (layers[^1] is not ContinuousFlow continuous)
            throw new ArgumentException($"A velocity belongs to a {nameof(ContinuousFlow)}, the last layer of the flow, but this "
                + $"flow ends with {layers[^1].GetName()}.", nameof(flow));
        var before = layers.Take(layers.Count - 1).ToArray();
        if (before.FirstOrDefault(layer => layer.parameters().Any()) is { } learned)
            throw new ArgumentException($"Flow matching trains the velocity alone, but {learned.GetName()} before it has "
                + $"parameters; put layers there that have none, as {nameof(Standardize)}.", nameof(flow));
        return (before, continuous);
    }

    /// <summary>Data as the continuous flow sees them, [N, d].</summary>
    internal Tensor Seen(Tensor x, Tensor? context)
    {
        using var guard = torch.no_grad();
        foreach (var layer in Before) x = layer.Forward(x, context.For(layer.ContextSize)).Z;
        return x;
    }

    /// <summary>The loss of a batch; times are spread evenly over [0, 1], one in each N-th part.</summary>
    internal Tensor Of(Tensor x, Tensor? context, Generator generator)
    {
        var n = x.size(0);
        Tensor e;
        using (torch.no_grad()) e = noise.Draw(n, context.For(noise.ContextSize), generator);
        if (options.Pairing == NoisePairing.OptimalTransport) e = e.index_select(0, OptimalTransport.Pair(x, e, generator));
        var jitter = torch.rand([n, 1], x.dtype, x.device, generator: generator);
        var t = (torch.arange(n, x.dtype, x.device).unsqueeze(1) + jitter) / n;
        var (a, b, aRate, bRate) = options.Path.At(t);
        var velocity = Continuous.Field.VelocityAt(t, a * x + b * e, context.For(Continuous.ContextSize));
        return (velocity - (aRate * x + bRate * e)).square().sum(1L).mean();
    }

    /// <summary>The loss of held-out data, with the same noise and times at each call, in parts of so many events.</summary>
    internal double HeldOut(Tensor x, Tensor? context, long seed, int batchSize)
    {
        using var guard = torch.no_grad();
        using var generator = new Generator(0, x.device);
        generator.manual_seed(seed);
        var sum = 0.0;
        for (var time = 0; time < HeldOutTimes; time++)
            for (var at = 0L; at < x.size(0); at += batchSize)
            {
                using var scope = NewDisposeScope();
                var count = Math.Min(batchSize, x.size(0) - at);
                sum += Of(x.narrow(0, at, count), context?.narrow(0, at, count), generator).ToDouble() * count;
            }
        return sum / (x.size(0) * HeldOutTimes);
    }
}
