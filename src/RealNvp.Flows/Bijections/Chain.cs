using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// The composition of bijections, z = f_n(... f_1(x)): log-determinants add, and the inverse runs in reverse order.
/// </summary>
/// <remarks>
/// Neighbouring couplings over one partition run on the two halves as they are: the event is taken apart once at the first of
/// them and put together once after the last (see <see cref="CouplingStack"/>).
/// </remarks>
/// <example>
/// <code>
/// var f = new Chain(new Logit(), new Permute([2, 0, 1]));
/// var (z, logDet) = f.Forward(rand(10, 3));
/// Console.WriteLine(f);
/// // prints Chain of 2
/// // prints   0: Logit(0.05)
/// // prints   1: Permute(2, 0, 1)
/// </code>
/// </example>
public sealed class Chain : Bijection
{
    private readonly ModuleList<Bijection> layers;
    private readonly Bijection[] steps;   // the layers, neighbouring couplings joined

    /// <summary>Composes bijections; the first is applied first to data.</summary>
    /// <exception cref="ArgumentException">There are none, neighbours do not fit, or contexts differ.</exception>
    public Chain(params IReadOnlyList<Bijection> layers)
        : base(nameof(Chain), First(layers).FirstShape(l => l.EventShape), Reversed(layers).FirstShape(l => l.LatentShape),
            Contexts.Common(layers.Select(layer => layer.ContextSize), "Bijections"))
    {
        RequireFit(layers);
        this.layers = new ModuleList<Bijection>([.. layers]);
        steps = CouplingStack.Join(layers);
        RegisterComponents();
    }

    /// <summary>The bijections, the one next to the data first.</summary>
    public IReadOnlyList<Bijection> Layers => [.. layers];

    internal override (double Low, double High)? Domain => layers.SkipWhile(layer => layer.OnlyMoves).FirstOrDefault()?.Domain;

    internal override (double Low, double High)? Image =>
        layers.Reverse().SkipWhile(layer => layer.OnlyMoves).FirstOrDefault()?.Image;

    internal override bool OnlyMoves => layers.All(layer => layer.OnlyMoves);

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (z, logDet) = steps[0].ForwardCore(x, context.For(steps[0].ContextSize));
        foreach (var step in steps.AsSpan(1))
        {
            var (next, more) = step.ForwardCore(z, context.For(step.ContextSize));
            (z, logDet) = (z.ReplacedBy(next), logDet + more);
        }
        return (z, logDet);
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var (x, logDet) = steps[^1].InverseCore(z, context.For(steps[^1].ContextSize));
        foreach (var step in steps[..^1].Reverse())
        {
            var (next, more) = step.InverseCore(x, context.For(step.ContextSize));
            (x, logDet) = (x.ReplacedBy(next), logDet + more);
        }
        return (x, logDet);
    }

    /// <inheritdoc/>
    protected internal override Tensor InverseOnly(Tensor z, Tensor? context)
    {
        var x = steps[^1].InverseOnly(z, context.For(steps[^1].ContextSize));
        foreach (var step in steps[..^1].Reverse()) x = x.ReplacedBy(step.InverseOnly(x, context.For(step.ContextSize)));
        return x;
    }

    /// <inheritdoc/>
    protected override string Title => $"Chain of {layers.Count}";

    /// <inheritdoc/>
    protected override IEnumerable<object> Parts => layers.Select((layer, k) => StructureText.Numbered(k, layer));

    private static IReadOnlyList<Bijection> First(IReadOnlyList<Bijection> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0) throw new ArgumentException("A chain needs at least one bijection.", nameof(layers));
        for (var k = 0; k < layers.Count; k++)
            if (layers[k] is null)
                throw new ArgumentException($"A chain is made of bijections, but layer {k} is null.", nameof(layers));
        return layers;
    }

    private static IReadOnlyList<Bijection> Reversed(IReadOnlyList<Bijection> layers) => [.. layers.Reverse()];

    private static void RequireFit(IReadOnlyList<Bijection> layers)
    {
        long[]? shape = null;
        for (var k = 0; k < layers.Count; k++)
        {
            if (shape is not null && layers[k].EventShape is { } expected && !shape.SequenceEqual(expected))
                throw new ArgumentException(
                    $"Layer {k} ({layers[k].GetName()}) expects events of shape {Shapes.Text(expected)}, but the layers "
                    + $"before it give {Shapes.Text(shape)}.", nameof(layers));
            shape = layers[k].LatentShape ?? shape;
        }
    }
}

internal static class ChainShapes
{
    /// <summary>The first shape that a layer fixes, as long as the layers before it keep shapes.</summary>
    internal static long[]? FirstShape(this IReadOnlyList<Bijection> layers, Func<Bijection, long[]?> shape) =>
        layers.Select(shape).FirstOrDefault(s => s is not null);
}
