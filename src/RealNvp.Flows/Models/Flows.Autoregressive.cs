using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Networks;

namespace RealNvp.Flows.Models;

public static partial class Flows
{
    /// <summary>
    /// Masked autoregressive flow: affine autoregressive layers whose order is reversed from one to the next. Density in one pass a layer, sampling
    /// in one for each feature (Papamakarios, Pavlakou, Murray 2017).
    /// </summary>
    /// <param name="dim">Features.</param>
    /// <param name="layers">Autoregressive layers.</param>
    /// <param name="hidden">Widths of the hidden layers; null is [64, 64].</param>
    /// <param name="activation">The nonlinearity.</param>
    /// <param name="contextSize">Features of a context; null for none.</param>
    /// <exception cref="ArgumentException">dim or layers is below 1.</exception>
    public static Flow Maf(int dim, int layers = 5, int[]? hidden = null, Activation activation = Activation.Relu, long? contextSize = null) =>
        new(new Chain([.. Autoregressive(dim, layers, hidden, activation, contextSize)]));

    /// <summary>
    /// Inverse autoregressive flow: the layers of <see cref="Maf"/> with their directions exchanged. Sampling in one pass a layer, density in one for
    /// each feature, so it suits variational inference (Kingma et al. 2016).
    /// </summary>
    /// <inheritdoc cref="Maf"/>
    public static Flow Iaf(int dim, int layers = 5, int[]? hidden = null, Activation activation = Activation.Relu, long? contextSize = null) =>
        new(new Chain([.. Autoregressive(dim, layers, hidden, activation, contextSize).Select(layer => new Invert(layer))]));

    /// <summary>
    /// Neural autoregressive flow: the layers of <see cref="Maf"/> with sigmoidal networks in the place of affine maps. More flexible for each layer,
    /// density in one pass; sampling takes a pass and a root for each feature (Huang, Krueger, Lacoste, Courville 2018).
    /// </summary>
    /// <param name="dim">Features.</param>
    /// <param name="layers">Autoregressive layers.</param>
    /// <param name="hidden">Widths of the hidden layers; null is [64, 64].</param>
    /// <param name="transformer">Deep or dense sigmoidal; null is <see cref="DeepSigmoidalTransformer"/> of two layers of 8 units.</param>
    /// <param name="activation">The nonlinearity.</param>
    /// <param name="contextSize">Features of a context; null for none.</param>
    /// <exception cref="ArgumentException">dim or layers is below 1.</exception>
    public static Flow Naf(int dim, int layers = 2, int[]? hidden = null, Transformer? transformer = null, Activation activation = Activation.Relu,
        long? contextSize = null) =>
        new(new Chain([.. Autoregressive(dim, layers, hidden, activation, contextSize, transformer ?? new DeepSigmoidalTransformer(), zeroLast: false)]));

    private static IEnumerable<Bijection> Autoregressive(int dim, int layers, int[]? hidden, Activation activation, long? contextSize,
        Transformer? transformer = null, bool zeroLast = true)
    {
        if (dim < 1) throw new ArgumentException($"A flow has at least one feature, but was given {dim}.", nameof(dim));
        RequireLayers(layers);
        var change = transformer ?? new AffineTransformer();
        int[] natural = [.. Enumerable.Range(0, dim)];
        int[] reversed = [.. natural.Reverse()];
        return Enumerable.Range(0, layers).Select(k => new MaskedAutoregressive(change,
            new Made(dim, change.ParametersPerElement, hidden ?? [64, 64], activation, k % 2 == 0 ? natural : reversed, contextSize, zeroLast)));
    }
}
