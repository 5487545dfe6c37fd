using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>z = x for x at or above 0, slope x below: log|dz/dx| is 0 or log slope. Any event shape.</summary>
public sealed class LeakyRelu : ElementwiseBijection
{
    private readonly double slope;

    /// <summary>Sets the slope below 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The slope is not positive: the map would not be invertible.</exception>
    public LeakyRelu(double slope = 0.2) : base(nameof(LeakyRelu))
    {
        Arguments.Positive(slope);
        this.slope = slope;
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogDerivative) ForwardCore(Tensor x) => Scale(x, slope);

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDerivative) InverseCore(Tensor y) => Scale(y, 1 / slope);

    private static (Tensor, Tensor) Scale(Tensor x, double below)
    {
        var negative = x.lt(0);
        return (torch.where(negative, x * below, x), negative.to(x.dtype) * Math.Log(below));
    }

    /// <inheritdoc/>
    protected override string Title => $"LeakyRelu({slope:g4})";
}
