using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Transformers;

namespace RealNvp.Flows.Models;

public static partial class Architectures
{
    /// <summary>
    /// Real NVP for images in [0, 1] (dequantise first): logit, then scales of three checkerboard couplings, squeeze, three
    /// channel-wise couplings, half of the channels factored out after each; the last scale has four checkerboard couplings
    /// (Dinh, Sohl-Dickstein, Bengio 2017, arXiv:1605.08803, section 3.6 and released code).
    /// </summary>
    /// <remarks>
    /// The paper's model of CIFAR-10, 8 residual blocks of 64 maps and downscaled once (section 4.1), is RealNvpImages([3, 32,
    /// 32], scales: 2, width: 64, blocks: 8): one squeeze with its split, then the last scale of [6, 16, 16]. For ImageNet of 32
    /// x 32 it takes what the defaults make.
    /// </remarks>
    /// <param name="imageShape">[C, H, W]; H and W divisible by 2 for each scale but the last.</param>
    /// <param name="scales">Number of scales; null takes as many as leave a last one of at least 4 x 4.</param>
    /// <param name="width">Feature maps of the first scale's conditioners, doubled from scale to scale.</param>
    /// <param name="blocks">Residual blocks of each conditioner.</param>
    /// <param name="batchNorm">Batch norm in the conditioners and after each coupling.</param>
    /// <param name="squeezeLast">Let the last scale be like the others, squeeze and channel-wise couplings included, but without
    /// a split.</param>
    /// <param name="learnedPrior">Predict the latents that leave at each split from those that go on, instead of taking them for
    /// standard normal.</param>
    /// <param name="contextSize">Features of a context, shown to every conditioner as constant maps; null for none.</param>
    /// <param name="contextShape">In its place: [c, H, W] of an image that every conditioner sees, averaged over blocks where its
    /// scale is smaller; the context holds it flattened, [N, c H W]. Null for none.</param>
    /// <exception cref="ArgumentException">The shape is not [C, H, W], or cannot be halved often enough; or the context's is of
    /// another height and width, or both kinds of context are given.</exception>
    public static Flow RealNvpImages(long[] imageShape, int? scales = null, int width = 32, int blocks = 4,
        bool batchNorm = true, bool squeezeLast = false,
        bool learnedPrior = false, long? contextSize = null, long[]? contextShape = null)
    {
        var (c, h, w) = Image(imageShape);
        var context = ContextShape(imageShape, contextSize, contextShape);
        Arguments.AtLeastOne(width);
        ArgumentOutOfRangeException.ThrowIfNegative(blocks);
        var count = RequireScales(imageShape, scales ?? Scales(h, w), nameof(scales), lastIsHalved: squeezeLast);
        var parts = new List<Bijection>();
        for (var k = 0; k < count; k++)
        {
            var last = k == count - 1;
            var maps = width << k;
            List<Bijection> scale = [];
            for (var i = 0; i < (last && !squeezeLast ? 4 : 3); i++)
                AddNormed(scale, Checkerboard(c, h, w, maps, blocks, batchNorm, i % 2 == 1, context), [c, h, w], batchNorm);
            if (!last || squeezeLast)
            {
                // plain: with the board's order the channel-wise parts would be its colours again
                scale.Add(new Squeeze(c, h, w));
                (c, h, w) = (4 * c, h / 2, w / 2);
                for (var i = 0; i < 3; i++)
                    AddNormed(scale, Channelwise(c, h, w, 2 * maps, blocks, batchNorm, i % 2 == 1, context), [c, h, w],
                        batchNorm);
                if (!last) scale.Add(Squeeze.PlainToCheckerboard(c, h, w));   // what leaves is one colour, spread over the image
                if (!last && learnedPrior)
                    scale.Add(MultiScale.LearnedPrior(c, h, w, (inputs, outputs) =>
                        new ConvConditioner(inputs, outputs, context)));
                c /= 2;
            }
            parts.Add(new Chain(scale));
        }
        return new(new Chain(new Logit(), new MultiScale(parts)));
    }

    /// <summary>
    /// Glow for images in [0, 1] (dequantise first): logit, then scales of squeeze and steps of actnorm, invertible 1 x 1
    /// convolution (LU) and channel-wise affine coupling; half of the channels is factored out after each (Kingma, Dhariwal
    /// 2018, arXiv:1807.03039).
    /// </summary>
    /// <param name="imageShape">[C, H, W]; H and W divisible by 2 for each scale.</param>
    /// <param name="scales">Number of scales; null takes as many as leave at least 4 x 4.</param>
    /// <param name="steps">Steps of each scale.</param>
    /// <param name="width">Feature maps of the conditioners.</param>
    /// <param name="learnedPrior">Predict the latents that leave at each split from those that go on, as the released code
    /// does.</param>
    /// <param name="contextSize">Features of a context, shown to every conditioner as constant maps; null for none.</param>
    /// <param name="contextShape">In its place: [c, H, W] of an image that every conditioner sees, averaged over blocks where its
    /// scale is smaller; the context holds it flattened, [N, c H W]. Null for none.</param>
    /// <exception cref="ArgumentException">The shape is not [C, H, W], or cannot be halved often enough; or the context's is of
    /// another height and width, or both kinds of context are given.</exception>
    public static Flow Glow(long[] imageShape, int? scales = null, int steps = 8, int width = 64, bool learnedPrior = false,
        long? contextSize = null,
        long[]? contextShape = null)
    {
        var context = ContextShape(imageShape, contextSize, contextShape);
        Arguments.AtLeastOne(width);
        return GlowOf(imageShape, scales, steps, learnedPrior, context, (c, h, w) =>
            Channelwise(c, h, w, width, 1, batchNorm: false, swapped: false, context));
    }

    /// <summary>
    /// The noise of variational dequantisation for images: checkerboard couplings of logit(u), whose networks see the image (Ho
    /// et al. 2019, section 3.1, with affine couplings). It starts with u exactly uniform; see <see cref="Dequantized"/>.
    /// </summary>
    /// <param name="imageShape">[C, H, W].</param>
    /// <param name="layers">Couplings.</param>
    /// <param name="width">Feature maps of the conditioners.</param>
    /// <param name="blocks">Residual blocks of each conditioner.</param>
    /// <exception cref="ArgumentException">The shape is not [C, H, W], or layers is below 1.</exception>
    public static Flow DequantizationNoise(long[] imageShape, int layers = 4, int width = 32, int blocks = 2)
    {
        var (c, h, w) = Image(imageShape);
        RequireLayers(layers);
        Arguments.AtLeastOne(width);
        ArgumentOutOfRangeException.ThrowIfNegative(blocks);
        // The logistic's CDF is the sigmoid: with this base and no couplings, u is exactly uniform.
        return new(new Chain(
        [
            new Invert(new Sigmoid()),
            .. Enumerable.Range(0, layers).Select(k => new CheckerboardCoupling(c, h, w, new AffineTransformer(logScaleBound: 2),
                new ResidualConvNet(c, 2 * c, width, blocks, CheckerboardCoupling.Mask(h, w, k % 2 == 1), batchNorm: false,
                contextShape: imageShape), k % 2 == 1)),
        ]), new Logistic(imageShape));
    }

    /// <summary>Glow's scales of squeeze, steps and split, whatever couples the channels [c, h, w].</summary>
    private static Flow GlowOf(long[] imageShape, int? scales, int steps, bool learnedPrior, long[]? context,
        Func<int, long, long, Coupling> coupling)
    {
        var (c, h, w) = Image(imageShape);
        if (steps < 1) throw new ArgumentException($"A scale has at least one step, but was given {steps}.", nameof(steps));
        var count = RequireScales(imageShape, scales ?? Math.Max(1, Scales(h, w) - 1), scales is null ? nameof(imageShape)
            : nameof(scales), lastIsHalved: true);
        var parts = new List<Bijection>();
        for (var k = 0; k < count; k++)
        {
            List<Bijection> scale = [new Squeeze(c, h, w)];
            (c, h, w) = (4 * c, h / 2, w / 2);
            for (var i = 0; i < steps; i++)
            {
                scale.Add(new ActNorm(c, h, w));
                scale.Add(new InvertibleConv1x1(new LuLinear(c), h, w));
                scale.Add(coupling(c, h, w));
            }
            if (learnedPrior && k < count - 1)
                scale.Add(MultiScale.LearnedPrior(c, h, w, (inputs, outputs) => new ConvConditioner(inputs, outputs, context)));
            parts.Add(new Chain(scale));
            c /= 2;
        }
        return new(new Chain(new Logit(), new MultiScale(parts)));
    }

    private static (int Channels, long Height, long Width) Image(long[] imageShape)
    {
        ArgumentNullException.ThrowIfNull(imageShape);
        return imageShape is [>= 1, >= 2, >= 2]
            ? ((int)imageShape[0], imageShape[1], imageShape[2])
            : throw new ArgumentException("An image has shape [channels, height, width], at least [1, 2, 2], but was given "
                + $"{Shapes.Text(imageShape)}.", nameof(imageShape));
    }

    /// <summary>A number of scales that an image has height and width for: each but the last halves both.</summary>
    private static int RequireScales(long[] shape, int scales, string argument, bool lastIsHalved)
    {
        if (scales < 1) throw new ArgumentException($"An image flow has at least one scale, but was given {scales}.", argument);
        var (h, w, halvings) = (shape[1], shape[2], 0);
        for (; h % 2 == 0 && w % 2 == 0 && (lastIsHalved || h * w >= 8); halvings++) (h, w) = (h / 2, w / 2);
        var most = halvings + (lastIsHalved ? 0 : 1);
        var possible = halvings switch
        {
            0 => "that is not possible",
            1 => $"that is possible once, to {h} x {w}",
            _ => $"that is possible {halvings} times, to {h} x {w}",
        };
        return scales <= most ? scales : throw new ArgumentException($"A scale halves an even height and width; of {shape[1]} x "
            + $"{shape[2]} {possible}, so there are at most {most} scales, but {scales} were wanted"
            + (most > 0 ? "." : "; pad or cut the images."), argument);
    }

    /// <summary>The channels of each scale's steps of Glow, with as many scales as it has by itself.</summary>
    internal static IEnumerable<long> ChannelsOfGlow(long channels, long height, long width) =>
        Enumerable.Range(0, Math.Max(1, Scales(height, width) - 1)).Select(k => 4 * channels << k);

    private static int Scales(long height, long width)
    {
        var count = 1;
        for (; height % 2 == 0 && width % 2 == 0 && Math.Min(height, width) >= 8; count++)
            (height, width) = (height / 2, width / 2);
        return count;
    }

    private static CheckerboardCoupling Checkerboard(int c, long h, long w, int maps, int blocks, bool batchNorm, bool swapped,
        long[]? context) =>
        new(c, h, w, new AffineTransformer(AffineOrder.ShiftThenScale),
            new ResidualConvNet(c, 2 * c, maps, blocks, CheckerboardCoupling.Mask(h, w, swapped), batchNorm, context), swapped);

    private static Coupling Channelwise(int c, long h, long w, int maps, int blocks, bool batchNorm, bool swapped,
        long[]? context)
    {
        var partition = Partition.Channels(c, h, w);
        return new(swapped ? partition.Swap() : partition, new AffineTransformer(AffineOrder.ShiftThenScale),
            (inputs, outputs) => new ResidualConvNet(inputs, outputs, maps, blocks, batchNorm: batchNorm, contextShape: context));
    }

    /// <summary>[c] of features or [c, H, W] of an image, whichever is given.</summary>
    private static long[]? ContextShape(long[] imageShape, long? size, long[]? shape)
    {
        Image(imageShape);
        Arguments.AtLeastOne(size, "contextSize");
        if (size is { } features)
            return shape is null ? [features]
                : throw new ArgumentException("A context is features (contextSize) or an image (contextShape), not both.",
                "contextShape");
        if (shape is not null && (shape.Length != 3 || !shape.AsSpan(1).SequenceEqual(imageShape.AsSpan(1))))
            throw new ArgumentException(
                $"A context image of images {Shapes.Text(imageShape)} has shape [c, {imageShape[1]}, {imageShape[2]}], but was "
                + $"given {Shapes.Text(shape)}; features go in by contextSize.",
                "contextShape");
        return shape;
    }

    private static void AddNormed(List<Bijection> scale, Bijection coupling, long[] shape, bool batchNorm)
    {
        scale.Add(coupling);
        if (batchNorm) scale.Add(new BatchNorm(shape));
    }
}
