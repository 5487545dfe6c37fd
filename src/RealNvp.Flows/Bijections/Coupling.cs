using RealNvp.Flows.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// A coupling layer: z_kept = x_kept, z_changed = tau(x_changed; c(x_kept)). Its Jacobian is block triangular, so
/// logDet is the sum of the transformer's log-derivatives; the conditioner c is never inverted (Dinh et al. 2015, section 3.1).
/// </summary>
public sealed class Coupling : Bijection
{
    private readonly Partition partition;
    private readonly Transformer transformer;
    private readonly Conditioner conditioner;

    /// <summary>Joins the three parts.</summary>
    /// <param name="partition">Which features are read, which are changed.</param>
    /// <param name="transformer">How a feature is changed.</param>
    /// <param name="conditioner">The network from the kept part to the transformer's parameters.</param>
    /// <exception cref="ArgumentException">The conditioner's sizes do not fit the partition and the transformer, or it is a network of images over vectors, or of
    /// vectors over images.</exception>
    public Coupling(Partition partition, Transformer transformer, Conditioner conditioner)
        : base(nameof(Coupling), (partition ?? throw new ArgumentNullException(nameof(partition))).Shape,
            contextSize: (conditioner ?? throw new ArgumentNullException(nameof(conditioner))).ContextSize)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        var inputs = partition.Kept.Count;
        var outputs = partition.Changed.Count * transformer.ParametersPerElement;
        if (conditioner.Inputs != inputs || conditioner.Outputs != outputs)
            throw new ArgumentException(
                $"This coupling needs a conditioner from {inputs} features (the kept part) to {outputs} "
                + $"({transformer.ParametersPerElement} for each of {partition.Changed.Count} changed ones), "
                + $"but was given one from {conditioner.Inputs} to {conditioner.Outputs}.", nameof(conditioner));
        conditioner.RequireKindOf(partition.Shape);
        this.partition = partition;
        this.transformer = transformer;
        this.conditioner = conditioner;
        RegisterComponents();
    }

    /// <summary>Joins a partition and a transformer to the conditioner that <paramref name="conditioner"/> builds for (inputs, outputs).</summary>
    public Coupling(Partition partition, Transformer transformer, Func<int, int, Conditioner> conditioner)
        : this(partition, transformer,
            conditioner(partition.Kept.Count, partition.Changed.Count * transformer.ParametersPerElement))
    {
    }

    /// <summary>Which features are read, which are changed.</summary>
    public Partition Partition => partition;

    /// <summary>How a feature is changed.</summary>
    public Transformer Transformer => transformer;

    /// <summary>The network from the kept part to the transformer's parameters.</summary>
    public Conditioner Conditioner => conditioner;

    /// <summary>The changed part in the normalizing direction, with its elementwise log-derivative.</summary>
    internal (Tensor Changed, Tensor? LogDerivative) Change(Tensor kept, Tensor changed, Tensor? context)
    {
        using var scope = NewDisposeScope();   // a layer's intermediates go before the next layer needs memory
        var (y, log) = transformer.Apply(changed, conditioner.call(kept, context));
        return (scope.MoveToOuter(y), log is null ? null : scope.MoveToOuter(log));
    }

    /// <summary>The changed part in the generating direction, with its elementwise log-derivative.</summary>
    internal (Tensor Changed, Tensor? LogDerivative) ChangeBack(Tensor kept, Tensor changed, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var (x, log) = transformer.Undo(changed, conditioner.call(kept, context));
        return (scope.MoveToOuter(x), log is null ? null : scope.MoveToOuter(log));
    }

    /// <summary>The changed part in the generating direction, without its log-derivative.</summary>
    internal Tensor ChangeBackOnly(Tensor kept, Tensor changed, Tensor? context)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(transformer.UndoOnly(changed, conditioner.call(kept, context)));
    }

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) Normalize(Tensor x, Tensor? context)
    {
        var (kept, changed) = partition.Split(x);
        var (y, log) = Change(kept, changed, context);
        return (partition.Merge(kept, y), log is null ? ZeroLogDet(x) : SumOverEvent(log));
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) Generate(Tensor z, Tensor? context)
    {
        var (kept, changed) = partition.Split(z);
        var (x, log) = ChangeBack(kept, changed, context);
        return (partition.Merge(kept, x), log is null ? ZeroLogDet(z) : SumOverEvent(log));
    }

    /// <inheritdoc/>
    protected internal override Tensor GenerateOnly(Tensor z, Tensor? context)
    {
        var (kept, changed) = partition.Split(z);
        return partition.Merge(kept, ChangeBackOnly(kept, changed, context));
    }

    /// <inheritdoc/>
    protected override string Title => $"Coupling, {transformer}, {partition}";

    /// <inheritdoc/>
    protected override IEnumerable<object> Parts => [conditioner];
}
