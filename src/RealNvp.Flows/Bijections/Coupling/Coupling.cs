using RealNvp.Flows.Networks;
using RealNvp.Flows.Transformers;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// A coupling layer: z_kept = x_kept, z_changed = tau(x_changed; c(x_kept)). Its Jacobian is block triangular, so
/// logDet is the sum of the transformer's log-derivatives; the conditioner c is never inverted (Dinh et al. 2015,
/// arXiv:1410.8516, section 3.1).
/// </summary>
/// <example>
/// <code>
/// Conditioner Network(int inputs, int outputs) =&gt; new Mlp(inputs, outputs, [64, 64]);
/// var layer = new Coupling(Partition.Halves(4), new AffineTransformer(), Network);
/// var x = randn(8, 4);
/// var (z, logDet) = layer.Forward(x);
/// Console.WriteLine(z.narrow(1, 0, 2).allclose(x.narrow(1, 0, 2)));   // the first half is kept
/// // prints True
/// </code>
/// </example>
public sealed class Coupling : Bijection
{
    private readonly Partition partition;
    private readonly Transformer transformer;
    private readonly Conditioner conditioner;

    /// <summary>Joins the three parts.</summary>
    /// <param name="partition">Which features are read, which are changed.</param>
    /// <param name="transformer">How a feature is changed.</param>
    /// <param name="conditioner">The network from the kept part to the transformer's parameters.</param>
    /// <exception cref="ArgumentException">The conditioner's sizes do not fit the partition and the transformer, or it is a
    /// network of images over vectors, or of vectors over images.</exception>
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

    /// <summary>
    /// Joins a partition and a transformer to the conditioner that <paramref name="conditioner"/> builds for (inputs, outputs).
    /// </summary>
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

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (kept, changed) = partition.Split(x);
        var (z, log) = ForwardCore(kept, changed, context);
        return (partition.Merge(kept, z), SumOverEvent(log, x));
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var (kept, changed) = partition.Split(z);
        var (x, log) = InverseCore(kept, changed, context);
        return (partition.Merge(kept, x), SumOverEvent(log, z));
    }

    /// <inheritdoc/>
    protected internal override Tensor InverseOnly(Tensor z, Tensor? context)
    {
        var (kept, changed) = partition.Split(z);
        return partition.Merge(kept, InverseOnly(kept, changed, context));
    }

    // The same on the two parts. A chain calls these for neighbouring couplings over one partition, and splits and merges once
    // (CouplingStack).

    /// <summary>z_changed = tau(x_changed; c(x_kept)), and its elementwise log-derivative.</summary>
    internal (Tensor Changed, Tensor? LogDerivative) ForwardCore(Tensor kept, Tensor changed, Tensor? context)
    {
        using var scope = NewDisposeScope();   // a layer's intermediates go before the next layer needs memory
        var (z, log) = transformer.Forward(changed, conditioner.call(kept, context));
        return (scope.MoveToOuter(z), log is null ? null : scope.MoveToOuter(log));
    }

    /// <summary>x_changed = tau^-1(z_changed; c(x_kept)), and its elementwise log-derivative.</summary>
    internal (Tensor Changed, Tensor? LogDerivative) InverseCore(Tensor kept, Tensor changed, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var (x, log) = transformer.Inverse(changed, conditioner.call(kept, context));
        return (scope.MoveToOuter(x), log is null ? null : scope.MoveToOuter(log));
    }

    /// <summary>x_changed alone.</summary>
    internal Tensor InverseOnly(Tensor kept, Tensor changed, Tensor? context)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(transformer.InverseOnly(changed, conditioner.call(kept, context)));
    }

    /// <inheritdoc/>
    protected override string Title => $"Coupling, {transformer}, {partition}";

    /// <inheritdoc/>
    protected override IEnumerable<object> Parts => [conditioner];
}
