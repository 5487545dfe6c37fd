using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// A monotone map of each element, y_i = tau(x_i; h_i), whose parameters h a conditioner computes. With a coupling or an autoregressive
/// network around it, it becomes a flow (Papamakarios et al. 2021, section 3.1).
/// </summary>
/// <remarks>
/// Parameters arrive along dimension 1, one block for each parameter: for P parameters and x of [N, d, ...], h is [N, P d, ...].
/// Parameters of zero give the identity, so a conditioner that starts at zero starts the flow at the identity.
/// </remarks>
public abstract class Transformer : nn.Module
{
    /// <summary>Names the transformer.</summary>
    protected Transformer(string name) : base(name)
    {
    }

    /// <summary>P, the parameters for each element.</summary>
    public abstract int ParametersPerElement { get; }

    /// <summary>y = tau(x; h) and log dy/dx of each element (null: zero everywhere).</summary>
    /// <param name="x">The elements [N, d, ...].</param>
    /// <param name="h">Their parameters [N, P d, ...].</param>
    protected internal abstract (Tensor Y, Tensor? LogDerivative) Apply(Tensor x, Tensor h);

    /// <summary>x = tau^-1(y; h) and log dx/dy of each element (null: zero everywhere).</summary>
    /// <param name="y">The elements [N, d, ...].</param>
    /// <param name="h">Their parameters [N, P d, ...].</param>
    protected internal abstract (Tensor X, Tensor? LogDerivative) Undo(Tensor y, Tensor h);

    /// <summary>x = tau^-1(y; h) where the log-derivative is not wanted; override where leaving it out saves work.</summary>
    protected internal virtual Tensor UndoOnly(Tensor y, Tensor h) => Undo(y, h).X;

    /// <inheritdoc/>
    public override string ToString() => GetName();
}
