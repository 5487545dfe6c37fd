using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>The standard normal density N(0, I): log p(z) = -|z|^2 / 2 - D log(2 pi) / 2.</summary>
public sealed class StandardNormal : Distribution
{
    private readonly Tensor zero;   // carries device and dtype, so that samples follow the model through to(...)
    private readonly double halfLogTwoPi;

    /// <summary>Of one dimension or more; an image's shape gives a normal of that shape.</summary>
    /// <exception cref="ArgumentException">The shape is empty or holds a size below 1.</exception>
    public StandardNormal(params long[] eventShape) : base(nameof(StandardNormal), eventShape)
    {
        halfLogTwoPi = 0.5 * Dimension * Math.Log(2 * Math.PI);
        zero = torch.zeros([]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected internal override Tensor LogDensity(Tensor x, Tensor? context)
    {
        var flat = x.dim() == 2 ? x : x.flatten(1);
        return (flat * flat).sum(1L) * -0.5 - halfLogTwoPi;
    }

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator) =>
        torch.randn([n, .. EventShape], zero.dtype, zero.device, generator: generator);

    /// <inheritdoc/>
    public override string ToString() => $"StandardNormal {Shapes.Text(EventShape)}";
}
