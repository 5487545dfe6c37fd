using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>z = x + b with a learned shift of each element: logDet = 0.</summary>
public sealed class Shift : Bijection
{
    private readonly Parameter amount;

    /// <summary>Starts as the identity.</summary>
    public Shift(params long[] eventShape) : base(nameof(Shift), eventShape)
    {
        amount = new Parameter(torch.zeros(eventShape));
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) => (x + amount, ZeroLogDet(x));

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) => (z - amount, ZeroLogDet(z));

    /// <inheritdoc/>
    protected override string Title => $"Shift {Shapes.Text(EventShape!)}";
}
