using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>
/// Independent densities of vectors side by side, log p(x) = sum_k log p_k(x_k), each on columns of its own: a base of angles and
/// numbers, for one.
/// </summary>
public sealed class Product : Distribution
{
    private readonly ModuleList<Distribution> parts;

    /// <summary>Joins densities, the first of the first columns.</summary>
    /// <exception cref="ArgumentException">There are none, one's events are no vectors, or contexts differ.</exception>
    public Product(params IReadOnlyList<Distribution> parts)
        : base(nameof(Product), [Columns(parts)], Contexts.Common(parts.Select(part => part.ContextSize), "Densities"))
    {
        this.parts = new ModuleList<Distribution>([.. parts]);
        RegisterComponents();
    }

    /// <summary>The densities, that of the first columns first.</summary>
    public IReadOnlyList<Distribution> Parts => [.. parts];

    /// <inheritdoc/>
    protected internal override Tensor LogDensity(Tensor x, Tensor? context)
    {
        var (first, sum) = (0L, x.new_zeros(x.size(0)));
        foreach (var part in parts)
        {
            sum = sum + part.LogDensity(x.narrow(1, first, part.Dimension), context.For(part.ContextSize));
            first += part.Dimension;
        }
        return sum;
    }

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator) =>
        torch.cat([.. parts.Select(part => part.Draw(n, context.For(part.ContextSize), generator))], 1);

    private static long Columns(IReadOnlyList<Distribution> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0) throw new ArgumentException("A product has at least one density.", nameof(parts));
        return parts.Sum(part => part.EventShape.Length == 1 ? part.Dimension : throw new ArgumentException(
            $"Densities of vectors are joined, but {part.GetName()} has events of shape {Shapes.Text(part.EventShape)}.",
            nameof(parts)));
    }

    /// <inheritdoc/>
    public override string ToString() => StructureText.Of($"Product {Shapes.Text(EventShape)}", parts);
}
