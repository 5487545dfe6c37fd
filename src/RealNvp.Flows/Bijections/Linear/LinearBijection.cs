using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// An affine map of vectors, z = W x + b: logDet = log|det W|, the same for every event. Subclasses differ in how W is
/// parametrised.
/// </summary>
public abstract class LinearBijection : Bijection
{
    /// <summary>For vectors of d features.</summary>
    /// <exception cref="ArgumentOutOfRangeException">d is not positive.</exception>
    protected LinearBijection(string name, int d) : base(name, Arguments.Vector(name, d))
    {
    }

    /// <summary>W [d, d].</summary>
    public abstract Tensor Matrix();

    /// <summary>log|det W|, a scalar.</summary>
    public abstract Tensor LogAbsDet();

    /// <summary>b [d].</summary>
    protected abstract Tensor Bias { get; }

    /// <summary>W^-1 y for columns y [d, N].</summary>
    protected abstract Tensor Solve(Tensor y);

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context) =>
        (Bias.addmm(x, Matrix().t()), LogAbsDet().expand(x.size(0)));

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context) =>
        (Solve((z - Bias).t()).t().contiguous(), LogAbsDet().neg().expand(z.size(0)));

    /// <inheritdoc/>
    protected override string Title => $"{GetName()} {EventShape![0]} x {EventShape[0]}";

    /// <summary>A parameter of small normal numbers.</summary>
    private protected static Parameter SmallNormal(params long[] shape) => new Parameter(torch.randn(shape) * 0.01);

    private protected static Parameter Zeros(params long[] shape) => new Parameter(torch.zeros(shape));
}
