using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// Neighbouring couplings over one partition, with the same or exchanged roles, as a chain runs them: the event is split once,
/// each layer changes its part, and the parts are merged once. The copies between layers, most of the memory traffic of a small
/// flow, fall away.
/// </summary>
internal sealed class CouplingStack : Bijection
{
    private readonly Coupling[] layers;
    private readonly int[] changedParts;   // which of the two parts a layer changes
    private readonly Partition partition;

    // Its layers are the chain's: nothing is registered here.
    private CouplingStack(Coupling[] layers)
        : base(nameof(CouplingStack), layers[0].EventShape,
            contextSize: Contexts.Common(layers.Select(layer => layer.ContextSize), "Bijections"))
    {
        this.layers = layers;
        partition = layers[0].Partition;
        changedParts = [.. layers.Select(layer => layer.Partition.IsSwapOf(partition) ? 0 : 1)];
    }

    /// <summary>A chain's layers, those couplings joined that are neighbours over one partition.</summary>
    internal static Bijection[] Join(IReadOnlyList<Bijection> layers)
    {
        var steps = new List<Bijection>();
        for (var k = 0; k < layers.Count;)
        {
            var run = layers.Skip(k).TakeWhile(layer => FitsAfter(layers[k], layer)).Cast<Coupling>().ToArray();
            steps.Add(run.Length >= 2 ? new CouplingStack(run) : layers[k]);
            k += Math.Max(1, run.Length);
        }
        return [.. steps];
    }

    private static bool FitsAfter(Bijection first, Bijection next) =>
        first is Coupling a && next is Coupling b && (b.Partition.IsSameAs(a.Partition) || b.Partition.IsSwapOf(a.Partition));

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var parts = Split(x);
        var logs = new List<Tensor>(layers.Length);
        for (var k = 0; k < layers.Length; k++)
        {
            var at = changedParts[k];
            var (z, log) = layers[k].ForwardCore(parts[1 - at], parts[at], context.For(layers[k].ContextSize));
            parts[at] = parts[at].ReplacedBy(z);
            if (log is not null) logs.Add(log);
        }
        return (partition.Merge(parts[0], parts[1]), Sum(logs, x));
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var parts = Split(z);
        var logs = new List<Tensor>(layers.Length);
        for (var k = layers.Length - 1; k >= 0; k--)
        {
            var at = changedParts[k];
            var (x, log) = layers[k].InverseCore(parts[1 - at], parts[at], context.For(layers[k].ContextSize));
            parts[at] = parts[at].ReplacedBy(x);
            if (log is not null) logs.Add(log);
        }
        return (partition.Merge(parts[0], parts[1]), Sum(logs, z));
    }

    /// <inheritdoc/>
    protected internal override Tensor InverseOnly(Tensor z, Tensor? context)
    {
        var parts = Split(z);
        for (var k = layers.Length - 1; k >= 0; k--)
        {
            var at = changedParts[k];
            parts[at] = parts[at].ReplacedBy(layers[k].InverseOnly(parts[1 - at], parts[at], context.For(layers[k].ContextSize)));
        }
        return partition.Merge(parts[0], parts[1]);
    }

    private Tensor[] Split(Tensor x)
    {
        var (kept, changed) = partition.Split(x);
        return [kept, changed];
    }

    /// <summary>All elementwise log-derivatives added up for each event.</summary>
    private static Tensor Sum(List<Tensor> logs, Tensor x) =>
        logs.Count == 0 ? ZeroLogDet(x)
        : SumOverEvent(torch.cat(x.dim() == 2 ? logs : [.. logs.Select(log => log.flatten(1))], 1));
}
