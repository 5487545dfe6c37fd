using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Networks;
using TorchSharp;

namespace RealNvp.Flows.Models;

/// <summary>Ready-made flows. Weights are drawn from torch's global generator: seed it with torch.manual_seed for a repeatable start.</summary>
public static class Flows
{
    /// <summary>
    /// Real NVP for vectors: affine couplings over two halves that exchange roles from layer to layer, each with an MLP
    /// (Dinh, Sohl-Dickstein, Bengio 2017, without its image machinery).
    /// </summary>
    /// <param name="dim">Features, at least 2.</param>
    /// <param name="layers">Couplings; an even number changes all features equally often.</param>
    /// <param name="hidden">Widths of the MLPs' hidden layers; null is [64, 64].</param>
    /// <param name="activation">The MLPs' nonlinearity.</param>
    /// <param name="order">Scale first or shift first.</param>
    /// <param name="logScaleBound">B: one layer scales an element by less than exp(B).</param>
    /// <param name="contextSize">Features of a context; null for none.</param>
    /// <exception cref="ArgumentException">dim is below 2 or layers below 1.</exception>
    public static Flow RealNvp(int dim, int layers = 8, int[]? hidden = null, Activation activation = Activation.Relu,
        AffineOrder order = AffineOrder.ScaleThenShift, double logScaleBound = 1, long? contextSize = null)
    {
        var halves = Alternating(dim, layers);
        return new(new Chain([.. halves.Select(partition => new Coupling(partition, new AffineTransformer(order, logScaleBound),
            (inputs, outputs) => new Mlp(inputs, outputs, hidden ?? [64, 64], activation, contextSize)))]));
    }

    /// <summary>Real NVP with the defaults for two dimensions.</summary>
    public static Flow RealNvp2D(int layers = 8, int[]? hidden = null, Activation activation = Activation.Relu) =>
        RealNvp(2, layers, hidden, activation);

    /// <summary>
    /// NICE: additive couplings over two halves that exchange roles, then a learned scaling of each feature, the only part that
    /// changes volume (Dinh, Krueger, Bengio 2015).
    /// </summary>
    /// <param name="dim">Features, at least 2.</param>
    /// <param name="layers">Couplings.</param>
    /// <param name="hidden">Widths of the MLPs' hidden layers; null is [64, 64].</param>
    /// <param name="activation">The MLPs' nonlinearity.</param>
    /// <param name="contextSize">Features of a context; null for none.</param>
    /// <exception cref="ArgumentException">dim is below 2 or layers below 1.</exception>
    public static Flow Nice(int dim, int layers = 4, int[]? hidden = null, Activation activation = Activation.Relu, long? contextSize = null)
    {
        var halves = Alternating(dim, layers);
        return new(new Chain(
        [
            .. halves.Select(partition => new Coupling(partition, new AdditiveTransformer(),
                (inputs, outputs) => new Mlp(inputs, outputs, hidden ?? [64, 64], activation, contextSize))),
            new Scaling(dim),
        ]));
    }

    /// <summary>One partition into halves for each layer, roles exchanged from one to the next.</summary>
    private static IEnumerable<Partition> Alternating(int dim, int layers)
    {
        if (layers < 1) throw new ArgumentException($"A flow has at least one layer, but was given {layers}.", nameof(layers));
        return Enumerable.Range(0, layers).Select(k => k % 2 == 0 ? Partition.Halves(dim) : Partition.Halves(dim).Swap());
    }
}
