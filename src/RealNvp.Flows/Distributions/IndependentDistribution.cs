using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>
/// A density of independent elements, log p(x) = sum_i log p_i(x_i): the bases of one-dimensional and product flows.
/// </summary>
public abstract class IndependentDistribution : Distribution
{
    /// <summary>For events of one shape.</summary>
    /// <exception cref="ArgumentException">The shape is empty.</exception>
    protected IndependentDistribution(string name, long[] eventShape) : base(name, eventShape)
    {
    }

    /// <summary>log p_i(x_i), element by element.</summary>
    protected abstract Tensor ElementLogDensity(Tensor x);

    /// <inheritdoc/>
    protected internal sealed override Tensor LogDensity(Tensor x, Tensor? context) => ElementLogDensity(x).flatten(1).sum(1L);

    /// <inheritdoc/>
    public override string ToString() => $"{GetName()} {Shapes.Text(EventShape)}";
}
