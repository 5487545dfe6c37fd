using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Models;

public static partial class Architectures
{
    private const int NoiseLayers = 2;

    /// <summary>
    /// The flow of <see cref="Tabular(Tensor, IReadOnlyList{Support}, int, int, int, int, double, long?)"/> for tables that hold
    /// categories and whole numbers, too: real numbers stand for them, v = x + u for whole numbers (dequantisation) and the
    /// greatest of K numbers for a category of K kinds (argmax). What comes out is a bound of log P, and says so.
    /// </summary>
    /// <param name="data">Data [N, columns], all of it finite and inside.</param>
    /// <param name="supports">What the columns hold, from the first to the last; at least one is a category or a whole
    /// number.</param>
    /// <param name="variational">Learn the noise by which numbers stand for values, an inverse autoregressive flow that sees the
    /// row (Ho et al. 2019, arXiv:1902.00275), for a tighter bound; else it is uniform, or logistic under argmax.</param>
    /// <param name="argmax">Categories by argmax (Hoogeboom et al. 2021, arXiv:2102.05379); else they are dequantised as whole
    /// numbers are, which takes one feature in the place of K, but makes neighbours of categories that are none.</param>
    /// <param name="layers">Linear maps, and as many couplings.</param>
    /// <param name="width">Width of the networks.</param>
    /// <param name="blocks">Residual blocks of each.</param>
    /// <param name="bins">Bins of each spline.</param>
    /// <param name="bound">The splines bend [-bound, bound], in standard deviations.</param>
    /// <param name="contextSize">Features of a context; null for none.</param>
    /// <exception cref="ArgumentException">No column is discrete, the supports take another number of columns than the data have,
    /// a value lies outside of its support (row and column are named), is not finite, or there is one feature only, which
    /// couplings cannot split.</exception>
    public static MixedTable MixedTable(Tensor data, IReadOnlyList<Support> supports, bool variational = true, bool argmax = true,
        int layers = 6, int width = 64, int blocks = 2, int bins = 8, double bound = 4, long? contextSize = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(supports);
        if (data.dim() != 2)
            throw new ArgumentException($"A table has shape [N, features], but was given {Shapes.Text(data.shape)}.",
                nameof(data));
        Arguments.AtLeastOne(width);
        Data.Finite.RequireFittable(nameof(MixedTable), data, nameof(data), varies: false);
        using var scope = NewDisposeScope();
        var x = data.detach().cpu().to(torch.get_default_dtype());
        Support.RequireAll(supports, x, nameof(data), nameof(supports));
        if (!supports.Any(s => s.IsDiscrete))
            throw new ArgumentException($"No column is of categories or whole numbers: {nameof(Tabular)}(data, supports) gives "
                + "the density itself, not a bound.", nameof(supports));
        var columns = new MixedColumns(supports, argmax);
        var v = columns.Lift(x, new Logistic(columns.NoiseFeatures).Sample(x.size(0))).V;
        RequireTwoFeatures((int)v.size(1), nameof(data));
        var density = Tabular(v, columns.Lifted, layers, width, blocks, bins, bound, contextSize);
        return new(density, columns, variational ? Noise(columns, width) : new Logistic(columns.NoiseFeatures), x);
    }

    /// <summary>Numbers on the line given a row, logistic at the start; drawn in one pass, as training needs them.</summary>
    private static Flow Noise(MixedColumns columns, int width) => new(new Chain([.. Enumerable.Range(0, NoiseLayers)
        .Select(k => new Invert(new MaskedAutoregressive(new AffineTransformer(logScaleBound: 2),
            new Made(columns.NoiseFeatures, 2, [width], Activation.Silu, InTurn(columns.NoiseFeatures, k),
            columns.SeenFeatures))))]), new Logistic(columns.NoiseFeatures));
}
