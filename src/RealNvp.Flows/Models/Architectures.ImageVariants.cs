using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Transformers;

namespace RealNvp.Flows.Models;

public static partial class Architectures
{
    /// <summary>
    /// NICE for images in [0, 1] (dequantise first): the pixels as one vector, additive couplings over odd and even ones in turn,
    /// each with an MLP, a learned scaling of each pixel, and a logistic base (Dinh, Krueger, Bengio 2015, arXiv:1410.8516,
    /// section 5.1).
    /// </summary>
    /// <param name="imageShape">[C, H, W].</param>
    /// <param name="layers">Couplings; the paper has 4.</param>
    /// <param name="width">Units of each hidden layer; the paper has 1000.</param>
    /// <param name="depth">Hidden layers of each MLP; the paper has 5.</param>
    /// <param name="contextSize">Features of a context, an image's numbers for one; null for none.</param>
    /// <exception cref="ArgumentException">The shape is not [C, H, W], or layers is below 1.</exception>
    public static Flow NiceImages(long[] imageShape, int layers = 4, int width = 1000, int depth = 5, long? contextSize = null)
    {
        var (c, h, w) = Image(imageShape);
        RequireLayers(layers);
        Arguments.AtLeastOne(width);
        ArgumentOutOfRangeException.ThrowIfNegative(depth);
        Arguments.AtLeastOne(contextSize);
        var d = (int)(c * h * w);
        var pixels = Partition.OddEven(d);
        return new(new Chain(
        [
            new Flatten(imageShape),
            .. Enumerable.Range(0, layers)
                .Select(k => new Coupling(k % 2 == 0 ? pixels : pixels.Swap(), new AdditiveTransformer(),
                (inputs, outputs) => new Mlp(inputs, outputs, [.. Enumerable.Repeat(width, depth)], contextSize: contextSize))),
            new Scaling(d),
        ]), new Logistic(d));
    }

    /// <summary>
    /// Glow with rational-quadratic couplings in place of affine ones: logit, then scales of squeeze and steps of actnorm,
    /// invertible 1 x 1 convolution (LU) and a channel-wise spline coupling; half of the channels is factored out after each
    /// (Durkan, Bekasov, Murray, Papamakarios 2019, arXiv:1906.04032, section 5.3).
    /// </summary>
    /// <param name="imageShape">[C, H, W]; H and W divisible by 2 for each scale.</param>
    /// <param name="scales">Number of scales; null takes as many as leave at least 4 x 4.</param>
    /// <param name="steps">Steps of each scale.</param>
    /// <param name="width">Feature maps of the conditioners.</param>
    /// <param name="bins">Bins of each spline.</param>
    /// <param name="bound">The splines bend [-bound, bound].</param>
    /// <param name="contextSize">Features of a context, shown to every conditioner as constant maps; null for none.</param>
    /// <param name="contextShape">In its place: [c, H, W] of an image that every conditioner sees, averaged over blocks where its
    /// scale is smaller; the context holds it flattened, [N, c H W]. Null for none.</param>
    /// <exception cref="ArgumentException">The shape is not [C, H, W], or cannot be halved often enough; or the context's is of
    /// another height and width, or both kinds of context are given.</exception>
    public static Flow SplineImages(long[] imageShape, int? scales = null, int steps = 8, int width = 64, int bins = 4,
        double bound = 3, long? contextSize = null,
        long[]? contextShape = null)
    {
        var context = ContextShape(imageShape, contextSize, contextShape);
        Arguments.AtLeastOne(width);
        return GlowOf(imageShape, scales, steps, learnedPrior: false, context, (c, h, w) =>
            new Coupling(Partition.Channels(c, h, w), new RationalQuadraticTransformer(bins, bound),
            (inputs, outputs) => new ResidualConvNet(inputs, outputs, width, blocks: 1, batchNorm: false,
            contextShape: context)));
    }
}
