using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Transformers;

namespace RealNvp.Flows.Models;

public static partial class Architectures
{
    /// <summary>
    /// A flow of whole numbers for vectors [d] or images [C, H, W]: additive couplings whose shifts are rounded, between riffled
    /// features (after a squeeze, channels), over discretised logistics (Hoogeboom, Peters, van den Berg, Welling 2019,
    /// arXiv:1905.07376). LogProb is log P(x), exact, and <see cref="Compression.Lossless"/> turns it into bytes.
    /// </summary>
    /// <param name="shape">[d] with d at least 2, or [C, H, W] with even H and W.</param>
    /// <param name="levels">L: the data are whole numbers 0 to L - 1, as float32 and not dequantised.</param>
    /// <param name="layers">Couplings.</param>
    /// <param name="width">Units of a hidden layer, or feature maps.</param>
    /// <param name="components">Logistics of each element of the base.</param>
    /// <exception cref="ArgumentException">The shape is another one, or a count is not positive.</exception>
    public static Flow Integer(long[] shape, int levels = 256, int layers = 8, int width = 64, int components = 5)
    {
        ArgumentNullException.ThrowIfNull(shape);
        RequireLayers(layers);
        if (shape.Length == 1) return IntegerOf([], Partition.Halves((int)shape[0]), levels, layers, components,
            (inputs, outputs) => new ResidualMlp(inputs, outputs, width, 2));
        var (c, h, w) = Image(shape);
        return IntegerOf([new Squeeze(c, h, w)], Partition.Channels(4 * c, h / 2, w / 2), levels, layers, components,
            (inputs, outputs) => new ResidualConvNet(inputs, outputs, width, blocks: 2, batchNorm: false));
    }

    private static Flow IntegerOf(Bijection[] first, Partition halves, int levels, int layers, int components,
        Func<int, int, Conditioner> network)
    {
        var d = halves.Shape[0];
        // as cards are riffled: what lay in one half lies in both
        int[] riffle = [.. Enumerable.Range(0, (int)d).Select(k => k % 2 == 0 ? k / 2 : (int)((d + 1) / 2) + k / 2)];
        return new(new Chain([.. first, .. Enumerable.Range(0, layers).SelectMany(k => (Bijection[])
        [
            .. k > 0 && k % 2 == 0 ? (Bijection[])[new Permute(riffle, halves.Rest)] : [],
            new Coupling(k % 2 == 0 ? halves : halves.Swap(), new AdditiveTransformer(),
                (inputs, outputs) => new RoundedConditioner(network(inputs, outputs), levels)),
        ])]), new DiscretizedLogistics(halves.Shape, levels, components));
    }
}
