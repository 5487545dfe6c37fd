using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>
/// A density for each class, p(x | class k) = p_k(x): the context says the class by a one in its place and zeros elsewhere, as
/// networks of the flow see it, too (Izmailov, Kirichenko, Finzi, Wilson 2020, arXiv:1912.13025, section 4, with classes known).
/// </summary>
public sealed class ClassConditional : Distribution
{
    private readonly ModuleList<Distribution> classes;

    /// <summary>From the densities of the classes, of one shape and without contexts.</summary>
    /// <exception cref="ArgumentException">There are none, their shapes differ, or one takes a context.</exception>
    public ClassConditional(params IReadOnlyList<Distribution> classes)
        : base(nameof(ClassConditional), Shape(classes), classes.Count)
    {
        this.classes = new ModuleList<Distribution>([.. classes]);
        RegisterComponents();
    }

    /// <summary>Normals with learned means and scales, the means drawn from a normal, so that classes start apart.</summary>
    /// <param name="classes">K.</param>
    /// <param name="eventShape">Shape of one event.</param>
    public static ClassConditional Gaussians(int classes, params long[] eventShape)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        return new([.. Enumerable.Range(0, classes).Select(_ => DiagonalGaussian.About(eventShape))]);
    }

    private static long[] Shape(IReadOnlyList<Distribution> classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        if (classes.Count == 0) throw new ArgumentException("There is at least one class.", nameof(classes));
        if (classes.FirstOrDefault(c => !c.EventShape.SequenceEqual(classes[0].EventShape)) is { } other)
            throw new ArgumentException($"The densities of all classes have events of one shape, but these have "
                + $"{Shapes.Text(classes[0].EventShape)} and {Shapes.Text(other.EventShape)}.", nameof(classes));
        if (classes.Any(c => c.ContextSize is not null))
            throw new ArgumentException("The context is the class; a class's density takes none of its own.", nameof(classes));
        return classes[0].EventShape;
    }

    /// <inheritdoc/>
    protected internal override Tensor LogDensity(Tensor x, Tensor? context)
    {
        RequireClasses(context!);
        var all = torch.stack(classes.Select(c => c.LogDensity(x, null)), 1);
        return torch.where(context!.gt(0.5), all, torch.zeros_like(all)).sum(1L);
    }

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator)
    {
        RequireClasses(context!);
        long[] ones = [.. EventShape.Select(_ => 1L)];
        return classes.Select((c, k) =>
        {
            var x = c.Draw(n, null, generator);
            return torch.where(context!.select(1, k).gt(0.5).view([n, .. ones]), x, torch.zeros_like(x));
        }).Aggregate((a, b) => a + b);
    }

    private static void RequireClasses(Tensor context)
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var other = (context.eq(1).sum(1).ne(1) | context.eq(0).sum(1).ne(context.size(1) - 1)).nonzero();
        if (other.size(0) > 0)
            throw new ArgumentException($"A class is a one in its place and zeros elsewhere, but row {other[0, 0].ToInt64()} of "
                + "the context is not; torch.nn.functional.one_hot makes it of class numbers.", nameof(context));
    }

    /// <inheritdoc/>
    public override string ToString() => StructureText.Of($"ClassConditional of {classes.Count}", classes);
}
