using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// A linear map of the channels, the same at each pixel, z[:, i, j] = W x[:, i, j] + b: logDet = H W log|det W| (Kingma, Dhariwal
/// 2018, arXiv:1807.03039, section 3.2). W is any linear bijection: dense, LU, QR...
/// </summary>
public sealed class InvertibleConv1x1 : Bijection
{
    private readonly LinearBijection linear;

    /// <summary>Of images of the map's channels and this height and width.</summary>
    public InvertibleConv1x1(LinearBijection linear, long height, long width)
        : base(nameof(InvertibleConv1x1),
            Arguments.Image((linear ?? throw new ArgumentNullException(nameof(linear))).EventShape![0], height, width))
    {
        this.linear = linear;
        RegisterComponents();
    }

    /// <summary>The map of the channels.</summary>
    public LinearBijection Linear => linear;

    private long Places => EventShape![1] * EventShape[2];

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) =>
        (Images(linear.ForwardCore(Pixels(x), null).Z), (linear.LogAbsDet() * Places).expand(x.size(0)));

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) =>
        (Images(linear.InverseCore(Pixels(z), null).X), (linear.LogAbsDet() * -Places).expand(z.size(0)));

    private Tensor Pixels(Tensor x) => x.permute(0, 2, 3, 1).reshape(-1, EventShape![0]);

    private Tensor Images(Tensor pixels) =>
        pixels.view(-1, EventShape![1], EventShape[2], EventShape[0]).permute(0, 3, 1, 2).contiguous();

    /// <inheritdoc/>
    protected override IEnumerable<object> Parts => [linear];
}
