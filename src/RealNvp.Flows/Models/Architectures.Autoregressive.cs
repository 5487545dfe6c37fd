using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Transformers;

namespace RealNvp.Flows.Models;

public static partial class Architectures
{
    /// <summary>
    /// Masked autoregressive flow: affine autoregressive layers whose order is reversed from one to the next. Density in one pass
    /// a layer, sampling in one for each feature (Papamakarios, Pavlakou, Murray 2017, arXiv:1705.07057).
    /// </summary>
    /// <param name="dim">Features.</param>
    /// <param name="layers">Autoregressive layers.</param>
    /// <param name="hidden">Widths of the hidden layers; null is [64, 64].</param>
    /// <param name="activation">The nonlinearity.</param>
    /// <param name="contextSize">Features of a context; null for none.</param>
    /// <exception cref="ArgumentException">dim or layers is below 1.</exception>
    public static Flow Maf(int dim, int layers = 5, int[]? hidden = null, Activation activation = Activation.Relu,
        long? contextSize = null) =>
        new(new Chain([.. Autoregressive(dim, layers, hidden, activation, contextSize)]));

    /// <summary>
    /// Inverse autoregressive flow: the layers of <see cref="Maf"/> with their directions exchanged. Sampling in one pass a
    /// layer, density in one for each feature, so it suits variational inference (Kingma et al. 2016, arXiv:1606.04934).
    /// </summary>
    /// <inheritdoc cref="Maf"/>
    public static Flow Iaf(int dim, int layers = 5, int[]? hidden = null, Activation activation = Activation.Relu,
        long? contextSize = null) =>
        new(new Chain([.. Autoregressive(dim, layers, hidden, activation, contextSize).Select(layer => new Invert(layer))]));

    /// <summary>
    /// Neural autoregressive flow: the layers of <see cref="Maf"/> with sigmoidal networks in the place of affine maps. More
    /// flexible for each layer, density in one pass; sampling takes a pass and a root for each feature (Huang, Krueger, Lacoste,
    /// Courville 2018, arXiv:1804.00779). Beyond 3 the networks see features on a logarithmic scale: standardise the data first.
    /// </summary>
    /// <remarks>
    /// Fitted, it brings points at 10 deviations back within 1e-3 in float32, with sigmoidal transformers and with splines.
    /// Mixtures in their place are flat between components far apart, and right to about 2 deviations (normals) or 1 (logistics)
    /// only; <see cref="Evaluation.InverseError"/> shows it.
    /// </remarks>
    /// <param name="dim">Features.</param>
    /// <param name="layers">Autoregressive layers.</param>
    /// <param name="hidden">Widths of the hidden layers; null is [64, 64].</param>
    /// <param name="transformer">Deep or dense sigmoidal, a Bernstein polynomial, a sum of squares; null is <see
    /// cref="DeepSigmoidalTransformer"/> of two layers of 8 units.</param>
    /// <param name="activation">The nonlinearity.</param>
    /// <param name="contextSize">Features of a context; null for none.</param>
    /// <exception cref="ArgumentException">dim or layers is below 1.</exception>
    public static Flow Naf(int dim, int layers = 2, int[]? hidden = null, Transformer? transformer = null,
        Activation activation = Activation.Relu,
        long? contextSize = null) =>
        new(new Chain([.. Autoregressive(dim, layers, hidden, activation, contextSize, transformer
        ?? new DeepSigmoidalTransformer(), zeroLast: false)]));

    private const double NeuralFrom = 3;   // standard deviations

    private static IEnumerable<Bijection> Autoregressive(int dim, int layers, int[]? hidden, Activation activation,
        long? contextSize,
        Transformer? transformer = null, bool zeroLast = true, bool residual = false)
    {
        RequireFeatures(dim);
        RequireLayers(layers);
        var change = transformer ?? new AffineTransformer();
        RequireShared(change);
        var far = transformer is null ? null
            : transformer.BendsWithin is { } bound ? FarInputs.OfSpline(bound) : new FarInputs(NeuralFrom);
        return Enumerable.Range(0, layers).Select(k => new MaskedAutoregressive(change,
            new Made(dim, change.ParametersPerElement, hidden ?? [64, 64], activation, InTurn(dim, k),
            contextSize, zeroLast, residual)
            { Far = far }));
    }

    private static void RequireShared(Transformer transformer)
    {
        if (transformer.parameters().Any())
            throw new ArgumentException($"The layers share the transformer, but {transformer.GetName()} has parameters of its "
                + $"own; {nameof(Umnn)} gives each layer its own.", nameof(transformer));
    }

    /// <summary>The natural order of the features for even layers, the reverse for odd ones.</summary>
    private static IReadOnlyList<int> InTurn(int dim, int layer)
    {
        var natural = Enumerable.Range(0, dim);
        return [.. layer % 2 == 0 ? natural : natural.Reverse()];
    }
}
