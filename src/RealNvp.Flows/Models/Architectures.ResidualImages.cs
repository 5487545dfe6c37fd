using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;

namespace RealNvp.Flows.Models;

public static partial class Architectures
{
    /// <summary>
    /// Residual flow for images in [0, 1] (dequantise first): logit, then scales of squeeze and contractive convolutional blocks,
    /// a learned scale and shift before and behind each; half of the channels is factored out after each scale but the last (Chen,
    /// Behrmann, Duvenaud, Jacobsen 2019, arXiv:1906.02735, section 4 and appendix E.2).
    /// </summary>
    /// <param name="imageShape">[C, H, W]; H and W divisible by 2 for each scale.</param>
    /// <param name="scales">Number of scales; null takes as many as leave at least 4 x 4.</param>
    /// <param name="blocks">Residual blocks of each scale.</param>
    /// <param name="width">Feature maps of the blocks' hidden layers.</param>
    /// <param name="method">How log-determinants are taken: by roulette they are right in the mean, and scatter; exactly, they cost
    /// a pass for each number of an image.</param>
    /// <exception cref="ArgumentException">The shape is not [C, H, W], or cannot be halved often enough.</exception>
    public static Flow ResidualImages(long[] imageShape, int? scales = null, int blocks = 8, int width = 32,
        ResidualLogDet method = ResidualLogDet.RussianRoulette)
    {
        Arguments.AtLeastOne(blocks);
        Arguments.AtLeastOne(width);
        var (c, h, w) = Image(imageShape);
        var count = RequireScales(imageShape, scales ?? Math.Max(1, Scales(h, w) - 1), scales is null ? nameof(imageShape)
            : nameof(scales), lastIsHalved: true);
        var parts = new List<Bijection>();
        for (var k = 0; k < count; k++)
        {
            List<Bijection> scale = [new Squeeze(c, h, w)];
            (c, h, w) = (4 * c, h / 2, w / 2);
            for (var i = 0; i < blocks; i++)
                scale.AddRange([new ActNorm(c, h, w), new ConvResidualFlow(c, h, w, width, method)]);
            scale.Add(new ActNorm(c, h, w));
            parts.Add(new Chain(scale));
            c /= 2;
        }
        return new(new Chain(new Logit(), new MultiScale(parts)));
    }
}
