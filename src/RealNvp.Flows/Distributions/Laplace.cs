using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>The Laplace density of unit scale, element by element: log p(x) = -|x| - log 2. Its tails are exponential.</summary>
public sealed class Laplace : IndependentDistribution
{
    private readonly Tensor zero;

    /// <summary>Of independent elements.</summary>
    public Laplace(params long[] eventShape) : base(nameof(Laplace), eventShape)
    {
        zero = torch.zeros([]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override Tensor ElementLogDensity(Tensor x) => x.abs().neg() - Math.Log(2);

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator)
    {
        long[] shape = [n, .. EventShape];
        var size = torch.rand(shape, zero.dtype, zero.device, generator: generator).neg().log1p().neg();   // exponential
        var side = torch.rand(shape, zero.dtype, zero.device, generator: generator) - 0.5;
        return torch.where(side.lt(0), size.neg(), size);
    }
}
