using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// A learned scale for each element, z = x exp(s): logDet is the sum of s (NICE's last layer; Dinh et al. 2015, arXiv:1410.8516,
/// section 3.3).
/// </summary>
public sealed class Scaling : Bijection
{
    private readonly Parameter logScale;

    /// <summary>Starts as the identity.</summary>
    public Scaling(params long[] eventShape) : base(nameof(Scaling), eventShape)
    {
        logScale = new Parameter(torch.zeros(eventShape));
        RegisterComponents();
    }

    /// <summary>s, of the event's shape.</summary>
    public Parameter LogScale => logScale;

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) =>
        (x * logScale.exp(), logScale.sum().expand(x.size(0)));

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) =>
        (z * logScale.neg().exp(), logScale.sum().neg().expand(z.size(0)));

    /// <inheritdoc/>
    protected override string Title => $"Scaling {Shapes.Text(EventShape!)}";
}
