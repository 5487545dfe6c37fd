using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// The composition of bijections, z = f_n(... f_1(x)): log-determinants add, and the inverse runs in reverse order.
/// </summary>
/// <remarks>
/// Neighbouring couplings over one partition run on the two halves as they are: the event is taken apart once at the first of them and
/// put together once after the last (see <see cref="CouplingRun"/>).
/// </remarks>
public sealed class Chain : Bijection
{
    private readonly ModuleList<Bijection> layers;
    private readonly IStage[] stages;

    /// <summary>Composes bijections; the first is applied first to data.</summary>
    /// <exception cref="ArgumentException">There are none, neighbours do not fit, or contexts differ.</exception>
    public Chain(params IReadOnlyList<Bijection> layers)
        : base(nameof(Chain), First(layers).FirstShape(l => l.EventShape), Reversed(layers).FirstShape(l => l.LatentShape), CommonContext(layers))
    {
        RequireFit(layers);
        this.layers = new ModuleList<Bijection>([.. layers]);
        stages = CouplingRun.Group(layers);
        RegisterComponents();
    }

    /// <summary>The bijections, the one next to the data first.</summary>
    public IReadOnlyList<Bijection> Layers => [.. layers];

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) Normalize(Tensor x, Tensor? context)
    {
        var (z, logDet) = stages[0].Normalize(x, context);
        foreach (var stage in stages.AsSpan(1))
        {
            var (next, more) = stage.Normalize(z, context);
            (z, logDet) = (Replaced(z, next), logDet + more);
        }
        return (z, logDet);
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) Generate(Tensor z, Tensor? context)
    {
        var (x, logDet) = stages[^1].Generate(z, context);
        for (var k = stages.Length - 2; k >= 0; k--)
        {
            var (next, more) = stages[k].Generate(x, context);
            (x, logDet) = (Replaced(x, next), logDet + more);
        }
        return (x, logDet);
    }

    /// <inheritdoc/>
    protected internal override Tensor GenerateOnly(Tensor z, Tensor? context)
    {
        var x = stages[^1].GenerateOnly(z, context);
        for (var k = stages.Length - 2; k >= 0; k--) x = Replaced(x, stages[k].GenerateOnly(x, context));
        return x;
    }

    /// <summary>Frees a stage's input, which is never the caller's own tensor, and hands on its output.</summary>
    private static Tensor Replaced(Tensor old, Tensor next)
    {
        old.Dispose();
        return next;
    }

    /// <inheritdoc/>
    protected override string Title => $"Chain of {layers.Count}";

    /// <inheritdoc/>
    protected override IEnumerable<object> Parts => layers.Select((layer, k) => Outline.Numbered(k, layer));

    private static IReadOnlyList<Bijection> First(IReadOnlyList<Bijection> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0) throw new ArgumentException("A chain needs at least one bijection.", nameof(layers));
        for (var k = 0; k < layers.Count; k++)
            if (layers[k] is null) throw new ArgumentException($"A chain is made of bijections, but layer {k} is null.", nameof(layers));
        return layers;
    }

    private static IReadOnlyList<Bijection> Reversed(IReadOnlyList<Bijection> layers) => [.. layers.Reverse()];

    internal static long? CommonContext(IReadOnlyList<Bijection> layers)
    {
        var sizes = layers.Select(l => l.ContextSize).OfType<long>().Distinct().ToArray();
        return sizes.Length switch
        {
            0 => null,
            1 => sizes[0],
            _ => throw new ArgumentException($"Bijections that are joined share one context, but these take {string.Join(" and ", sizes)} features."),
        };
    }

    private static void RequireFit(IReadOnlyList<Bijection> layers)
    {
        long[]? shape = null;
        for (var k = 0; k < layers.Count; k++)
        {
            if (shape is not null && layers[k].EventShape is { } expected && !shape.SequenceEqual(expected))
                throw new ArgumentException(
                    $"Layer {k} ({layers[k].GetName()}) expects events of shape {Shapes.Text(expected)}, but the layers before it "
                    + $"give {Shapes.Text(shape)}.", nameof(layers));
            shape = layers[k].LatentShape ?? shape;
        }
    }
}

/// <summary>One step of a chain: a bijection by itself, or a run of couplings.</summary>
internal interface IStage
{
    (Tensor Z, Tensor LogDet) Normalize(Tensor x, Tensor? context);

    (Tensor X, Tensor LogDet) Generate(Tensor z, Tensor? context);

    Tensor GenerateOnly(Tensor z, Tensor? context);
}

/// <summary>A bijection as a stage; the chain's context reaches it only where it takes one.</summary>
internal sealed class SingleStage(Bijection bijection) : IStage
{
    public (Tensor Z, Tensor LogDet) Normalize(Tensor x, Tensor? context) => bijection.Normalize(x, Only(context));

    public (Tensor X, Tensor LogDet) Generate(Tensor z, Tensor? context) => bijection.Generate(z, Only(context));

    public Tensor GenerateOnly(Tensor z, Tensor? context) => bijection.GenerateOnly(z, Only(context));

    private Tensor? Only(Tensor? context) => bijection.ContextSize is null ? null : context;
}

internal static class ChainShapes
{
    /// <summary>The first shape that a layer fixes, as long as the layers before it keep shapes.</summary>
    internal static long[]? FirstShape(this IReadOnlyList<Bijection> layers, Func<Bijection, long[]?> shape) =>
        layers.Select(shape).FirstOrDefault(s => s is not null);
}
