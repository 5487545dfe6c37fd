using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>The order of the four pixels of a squeezed 2 x 2 block among the channels.</summary>
public enum SqueezeOrder
{
    /// <summary>Channel 4 c + 2 i + j holds pixel (i, j) of channel c, as pixel_unshuffle has it.</summary>
    Plain,

    /// <summary>
    /// Channel p C + c holds pixel p of (0,0), (1,1), (0,1), (1,0) of channel c: the first half of the channels is one colour of
    /// a checkerboard, so what a split factors out is spread over the image (the released code of Dinh et al. 2017,
    /// arXiv:1605.08803).
    /// </summary>
    Checkerboard,
}

/// <summary>
/// Trades space for channels, [C, H, W] to [4 C, H/2, W/2]: a permutation, logDet = 0 (Dinh et al. 2017, section 3.6 and figure
/// 3).
/// </summary>
public sealed class Squeeze : Bijection
{
    private static readonly long[] Diagonal = [0, 3, 1, 2];   // pixels 2 i + j, one colour of the board first

    private readonly SqueezeOrder order;
    private readonly Tensor pixels;
    private readonly Tensor back;

    /// <summary>For images of an even height and width.</summary>
    /// <exception cref="ArgumentException">Height or width is odd.</exception>
    public Squeeze(long channels, long height, long width, SqueezeOrder order = SqueezeOrder.Plain)
        : base(nameof(Squeeze), Arguments.Image(channels, height, width),
            [4 * channels, Math.Max(1, height / 2), Math.Max(1, width / 2)])
    {
        if (height % 2 != 0 || width % 2 != 0 || height < 2 || width < 2)
            throw new ArgumentException($"A squeeze halves an even height and width, but was given {height} x {width}.",
                height % 2 != 0 || height < 2 ? nameof(height) : nameof(width));
        this.order = order;
        pixels = torch.tensor(Diagonal);
        back = torch.tensor(Diagonal.Select((_, k) => (long)Array.IndexOf(Diagonal, k)).ToArray());
        RegisterComponents();
    }

    /// <summary>
    /// The permutation of a plainly squeezed image's channels into the order <see cref="SqueezeOrder.Checkerboard"/>.
    /// </summary>
    /// <param name="channels">Channels after the squeeze, divisible by 4.</param>
    /// <param name="height">Height after the squeeze.</param>
    /// <param name="width">Width after the squeeze.</param>
    /// <exception cref="ArgumentException">The channels are not those of a squeezed image.</exception>
    public static Permute PlainToCheckerboard(int channels, long height, long width)
    {
        if (channels < 4 || channels % 4 != 0)
            throw new ArgumentException($"A squeezed image has a multiple of 4 channels, but was given {channels}.",
                nameof(channels));
        Arguments.Image(channels, height, width);
        return new([.. Diagonal.SelectMany(pixel => Enumerable.Range(0, channels / 4).Select(c => 4 * c + (int)pixel))], height,
            width);
    }

    internal override bool OnlyMoves => true;

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (c, h, w) = (EventShape![0], EventShape[1] / 2, EventShape[2] / 2);
        var blocks = x.view(-1, c, h, 2, w, 2);
        var z = order == SqueezeOrder.Plain
            ? blocks.permute(0, 1, 3, 5, 2, 4).reshape(-1, 4 * c, h, w)
            : blocks.permute(0, 3, 5, 1, 2, 4).reshape(-1, 4, c, h, w).index_select(1, pixels).reshape(-1, 4 * c, h, w);
        return (z, ZeroLogDet(x));
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var (c, h, w) = (EventShape![0], EventShape[1] / 2, EventShape[2] / 2);
        var x = order == SqueezeOrder.Plain
            ? z.reshape(-1, c, 2, 2, h, w).permute(0, 1, 4, 2, 5, 3)
            : z.reshape(-1, 4, c, h, w).index_select(1, back).reshape(-1, 2, 2, c, h, w).permute(0, 3, 4, 1, 5, 2);
        return (x.reshape([-1, .. EventShape]), ZeroLogDet(z));
    }

    /// <inheritdoc/>
    protected override string Title =>
        $"Squeeze {Shapes.Text(EventShape!)} -> {Shapes.Text(LatentShape!)}, {order.ToString().ToLowerInvariant()} order";
}
