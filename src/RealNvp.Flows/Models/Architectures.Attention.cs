using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Models;

public static partial class Architectures
{
    private const double TokenLogScaleBound = 4;
    private const int MostTokens = 256;

    /// <summary>
    /// TarFlow for vectors: affine autoregressive layers whose conditioner is a causal transformer over the features, in the
    /// natural order and the reverse in turn (Zhai et al. 2024, arXiv:2412.06329). Density in one pass a layer, sampling in one
    /// step for each token, or by Jacobi iteration.
    /// </summary>
    /// <param name="dim">Features.</param>
    /// <param name="layers">Autoregressive layers.</param>
    /// <param name="width">Numbers that stand for a token inside the transformers.</param>
    /// <param name="blocks">Blocks of attention and perceptron of each transformer.</param>
    /// <param name="group">Features of a token, a divisor of dim: those of one do not condition each other within a
    /// layer.</param>
    /// <param name="transformer">What changes a number: a spline, a sigmoidal network; null is the paper's affine map, (x - m)
    /// exp(-a).</param>
    /// <param name="contextSize">Features of a context; null for none.</param>
    /// <exception cref="ArgumentException">A number is below 1, or group is no divisor of dim.</exception>
    public static Flow TarFlow(int dim, int layers = 4, int width = 32, int blocks = 2, int group = 1,
        Transformer? transformer = null, long? contextSize = null)
    {
        RequireFeatures(dim);
        if (group < 1 || dim % group != 0)
            throw new ArgumentException($"Tokens share {dim} features equally, but were given {group} each.", nameof(group));
        var tokens = dim / group;
        return new(new Chain([new Invert(new Flatten(tokens, group)),
            .. Tokenwise(tokens, group, layers, width, blocks, transformer, contextSize), new Flatten(tokens, group)]));
    }

    /// <summary>
    /// TarFlow for images in [0, 1] (dequantise first): the same over patches, row by row (Zhai et al. 2024, arXiv:2412.06329).
    /// Latents are a patch's, [T, d].
    /// </summary>
    /// <param name="imageShape">[C, H, W]; H and W multiples of a patch's size.</param>
    /// <param name="patch">Pixels of a side of a patch; within a layer, those of one patch do not condition each other. Null is
    /// 2, or the smallest above that leaves at most 256 patches, or 1 where none fits.</param>
    /// <param name="layers">Autoregressive layers.</param>
    /// <param name="width">Numbers that stand for a patch inside the transformers.</param>
    /// <param name="blocks">Blocks of attention and perceptron of each transformer.</param>
    /// <param name="logit">Map [0, 1] onto the line by a logit, as the other flows for images do; else pixels are taken as
    /// numbers of the line, shifted and scaled to [-1, 1], which suits noise beyond that of dequantisation (see <see
    /// cref="Inference.Tweedie"/>).</param>
    /// <param name="transformer">What changes a number: a spline, a sigmoidal network; null is the paper's affine map, (x - m)
    /// exp(-a).</param>
    /// <param name="contextSize">Features of a context, a class as one of K for one; null for none.</param>
    /// <exception cref="ArgumentException">The shape is not [C, H, W] or cannot be cut into patches, or a number is below
    /// 1.</exception>
    public static Flow TarFlowImages(long[] imageShape, int? patch = null, int layers = 4, int width = 64, int blocks = 2,
        bool logit = true, Transformer? transformer = null, long? contextSize = null)
    {
        var (c, h, w) = Image(imageShape);
        var size = patch ?? PatchOf(h, w);
        if (size < 1 || h % size != 0 || w % size != 0)
            throw new ArgumentException($"Patches fill an image of {h} x {w}, but their side was given as {size}.",
                nameof(patch));
        var patches = new Patches(c, h, w, size);
        using var scope = NewDisposeScope();
        Bijection onLine = logit ? new Logit() : new Standardize(torch.full(imageShape, 0.5), torch.full(imageShape, 0.5));
        return new(new Chain([onLine, patches, .. Tokenwise((int)patches.LatentShape![0], (int)patches.LatentShape[1], layers,
            width, blocks, transformer, contextSize)]));
    }

    /// <summary>The side of the smallest patches above single pixels that are at most 256; 1 where none fits.</summary>
    internal static int PatchOf(long height, long width) => Enumerable.Range(2, (int)Math.Min(height, width) - 1)
        .Where(size => height % size == 0 && width % size == 0)
        .FirstOrDefault(size => Tokens(height, width, size) is > 1 and <= MostTokens, 1);

    internal static long Tokens(long height, long width, int patch) => height / patch * (width / patch);

    private static IEnumerable<Bijection> Tokenwise(int tokens, int features, int layers, int width, int blocks,
        Transformer? transformer, long? contextSize)
    {
        RequireLayers(layers);
        var change = transformer ?? new AffineTransformer(AffineOrder.ShiftThenScale, TokenLogScaleBound);
        RequireShared(change);
        int[] reverse = [.. Enumerable.Range(0, tokens).Reverse()];
        for (var k = 0; k < layers; k++)
        {
            if (k > 0) yield return new Permute(reverse, features);
            yield return new AttentionAutoregressive(change,
                new CausalTransformer(tokens, features, change.ParametersPerElement, width, blocks, contextSize: contextSize,
                zeroLast: change is AffineTransformer or RationalQuadraticTransformer));
        }
    }
}
