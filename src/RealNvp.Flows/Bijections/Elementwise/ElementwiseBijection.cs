using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// A monotone map of each element by itself, z_i = g(x_i): the Jacobian is diagonal and logDet the sum of log|g'(x_i)|.
/// Dimensions do not mix.
/// </summary>
public abstract class ElementwiseBijection : Bijection
{
    /// <summary>For events of any shape.</summary>
    protected ElementwiseBijection(string name) : base(name, eventShape: null)
    {
    }

    /// <summary>For events of one shape, as learned parameters need.</summary>
    protected ElementwiseBijection(string name, long[] eventShape) : base(name, eventShape)
    {
    }

    /// <summary>g(x) and log|g'(x)|, element by element.</summary>
    protected abstract (Tensor Y, Tensor LogDerivative) ForwardCore(Tensor x);

    /// <summary>g^-1(y) and log|dx/dy|, element by element.</summary>
    protected abstract (Tensor X, Tensor LogDerivative) InverseCore(Tensor y);

    /// <inheritdoc/>
    protected internal sealed override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (y, log) = ForwardCore(x);
        return (y, SumOverEvent(log));
    }

    /// <inheritdoc/>
    protected internal sealed override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var (x, log) = InverseCore(z);
        return (x, SumOverEvent(log));
    }

    /// <summary>log(1 + exp(x)), exact for every x (torch's softplus switches to x above 20, an error of 2e-9 there).</summary>
    protected static Tensor Softplus(Tensor x) => torch.logaddexp(x, torch.zeros_like(x));
}
