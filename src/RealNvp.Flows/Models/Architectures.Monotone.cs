using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Transformers;

namespace RealNvp.Flows.Models;

public static partial class Architectures
{
    /// <summary>
    /// Autoregressive neural spline flow: the layers of <see cref="Maf"/> with rational-quadratic splines in the place of
    /// affine maps and masked networks with residual blocks (RQ-NSF (AR); Durkan, Bekasov, Murray, Papamakarios 2019,
    /// arXiv:1906.04032, section 3.2). Density in one pass a layer, sampling in one for each feature.
    /// </summary>
    /// <param name="dim">Features.</param>
    /// <param name="layers">Autoregressive layers.</param>
    /// <param name="width">Width of the masked networks.</param>
    /// <param name="blocks">Residual blocks of each, two layers in a block.</param>
    /// <param name="bins">Bins of each spline.</param>
    /// <param name="bound">The splines bend [-bound, bound].</param>
    /// <param name="learnedInterval">Learn the interval of each spline, from that on; see <see
    /// cref="LearnedIntervalTransformer"/>.</param>
    /// <param name="activation">The nonlinearity.</param>
    /// <param name="contextSize">Features of a context; null for none.</param>
    /// <exception cref="ArgumentException">dim or layers is below 1.</exception>
    public static Flow AutoregressiveSpline(int dim, int layers = 3, int width = 64, int blocks = 1, int bins = 8,
        double bound = 4, bool learnedInterval = false, Activation activation = Activation.Relu, long? contextSize = null)
    {
        Arguments.AtLeastOne(width);
        ArgumentOutOfRangeException.ThrowIfNegative(blocks);
        Transformer spline = new RationalQuadraticTransformer(bins, bound);
        var change = learnedInterval ? new LearnedIntervalTransformer(spline) : spline;
        int[] hidden = [.. Enumerable.Repeat(width, 1 + 2 * blocks)];
        return new(new Chain([.. Autoregressive(dim, layers, hidden, activation, contextSize, change, residual: true)]));
    }

    /// <summary>
    /// Unconstrained monotone network flow: the layers of <see cref="Maf"/> with integrals of positive networks in the place of
    /// affine maps (Wehenkel, Louppe 2019, arXiv:1908.05164). Standardise the data first.
    /// </summary>
    /// <param name="dim">Features.</param>
    /// <param name="layers">Autoregressive layers, each with a network of its own to integrate.</param>
    /// <param name="hidden">Widths of the masked networks' hidden layers; null is [64, 64].</param>
    /// <param name="embedding">Features that the masked network hands to the integrated one.</param>
    /// <param name="activation">The masked networks' nonlinearity.</param>
    /// <param name="contextSize">Features of a context; null for none.</param>
    /// <exception cref="ArgumentException">dim or layers is below 1.</exception>
    public static Flow Umnn(int dim, int layers = 2, int[]? hidden = null, int embedding = 8,
        Activation activation = Activation.Relu, long? contextSize = null)
    {
        if (dim < 1) throw new ArgumentException($"A flow has at least one feature, but was given {dim}.", nameof(dim));
        RequireLayers(layers);
        return new(new Chain([.. Enumerable.Range(0, layers).Select(k => new MaskedAutoregressive(
            new UnconstrainedMonotoneTransformer(embedding), new Made(dim, embedding + 1, hidden ?? [64, 64], activation,
            InTurn(dim, k), contextSize, zeroLast: false)))]));
    }

    /// <summary>
    /// Block neural autoregressive flow: <see cref="BlockAutoregressive"/> layers, the order of the features reversed from one
    /// to the next (De Cao, Titov, Aziz 2019, arXiv:1904.04676). Density in one pass a layer, sampling finds a root for each
    /// feature.
    /// </summary>
    /// <param name="dim">Features.</param>
    /// <param name="layers">Layers.</param>
    /// <param name="units">Hidden units of each feature.</param>
    /// <param name="hiddenLayers">Hidden layers of each network.</param>
    /// <param name="contextSize">Features of a context; null for none.</param>
    /// <exception cref="ArgumentException">dim or layers is below 1.</exception>
    public static Flow Bnaf(int dim, int layers = 3, int units = 16, int hiddenLayers = 2, long? contextSize = null)
    {
        RequireFeatures(dim);
        RequireLayers(layers);
        return new(new Chain([.. Enumerable.Range(0, layers).SelectMany<int, Bijection>(k =>
        [
            .. k > 0 ? new Bijection[] { Permute.Reverse(dim) } : [],
            new BlockAutoregressive(dim, units, hiddenLayers, contextSize),
        ])]));
    }
}
