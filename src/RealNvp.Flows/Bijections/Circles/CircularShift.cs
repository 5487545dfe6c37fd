using RealNvp.Flows.Numerics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>A learned turn of each angle, z = x + t in [-pi, pi), radians: logDet = 0.</summary>
public sealed class CircularShift : ElementwiseBijection
{
    private readonly Parameter turn;

    /// <summary>Starts as the identity.</summary>
    public CircularShift(params long[] eventShape) : base(nameof(CircularShift), eventShape)
    {
        turn = new Parameter(torch.zeros(eventShape));
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override (Tensor Y, Tensor LogDerivative) ForwardCore(Tensor x) => (Circle.Wrap(x + turn), torch.zeros_like(x));

    /// <inheritdoc/>
    protected override (Tensor X, Tensor LogDerivative) InverseCore(Tensor y) => (Circle.Wrap(y - turn), torch.zeros_like(y));

    /// <inheritdoc/>
    protected override string Title => $"CircularShift {Shapes.Text(EventShape!)}";
}
