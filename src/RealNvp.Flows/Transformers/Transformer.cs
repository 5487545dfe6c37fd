using static TorchSharp.torch;

namespace RealNvp.Flows.Transformers;

/// <summary>
/// A monotone map of each element, y_i = tau(x_i; h_i), whose parameters h a conditioner computes. With a coupling or an
/// autoregressive network around it, it becomes a flow (Papamakarios et al. 2021, arXiv:1912.02762, section 3.1).
/// </summary>
/// <remarks>
/// Parameters arrive along dimension 1, one block for each parameter: for P parameters and x of [N, d, ...], h is [N, P d, ...].
/// Parameters of zero give the identity, so a conditioner that starts at zero starts the flow at the identity.
/// </remarks>
public abstract class Transformer : FlowModule
{
    /// <summary>Names the transformer.</summary>
    protected Transformer(string name) : base(name)
    {
    }

    /// <summary>P, the parameters for each element.</summary>
    public abstract int ParametersPerElement { get; }

    /// <summary>B of a map that bends [-B, B]; null of one that has no such interval.</summary>
    internal virtual double? BendsWithin => null;

    /// <summary>y = tau(x; h) and log dy/dx of each element (null: zero everywhere).</summary>
    /// <param name="x">The elements [N, d, ...].</param>
    /// <param name="h">Their parameters [N, P d, ...].</param>
    protected internal abstract (Tensor Y, Tensor? LogDerivative) Forward(Tensor x, Tensor h);

    /// <summary>x = tau^-1(y; h) and log dx/dy of each element (null: zero everywhere).</summary>
    /// <param name="y">The elements [N, d, ...].</param>
    /// <param name="h">Their parameters [N, P d, ...].</param>
    protected internal abstract (Tensor X, Tensor? LogDerivative) Inverse(Tensor y, Tensor h);

    /// <summary>x = tau^-1(y; h) where the log-derivative is not wanted; override where leaving it out saves work.</summary>
    protected internal virtual Tensor InverseOnly(Tensor y, Tensor h) => Inverse(y, h).X;

    /// <inheritdoc/>
    public override string ToString() => GetName();
}
