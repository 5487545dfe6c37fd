using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// Neighbouring couplings over one partition, with the same or exchanged roles. The event is split once, its two parts are carried through
/// all layers, and merged once: the copies between layers, most of the memory traffic of a small flow, fall away.
/// </summary>
internal sealed class CouplingRun : IStage
{
    private readonly (Coupling Layer, bool Swapped)[] layers;
    private readonly Partition partition;

    private CouplingRun(IReadOnlyList<Coupling> couplings)
    {
        partition = couplings[0].Partition;
        layers = [.. couplings.Select(c => (c, c.Partition.IsSwapOf(partition)))];
    }

    /// <summary>Groups a chain's layers into stages: runs of at least two couplings that fit together, and single bijections.</summary>
    internal static IStage[] Group(IReadOnlyList<Bijection> layers)
    {
        var stages = new List<IStage>();
        for (var k = 0; k < layers.Count;)
        {
            var run = layers.Skip(k).TakeWhile(l => FitsAfter(layers[k], l)).Cast<Coupling>().ToArray();
            if (run.Length >= 2)
            {
                stages.Add(new CouplingRun(run));
                k += run.Length;
            }
            else
            {
                stages.Add(new SingleStage(layers[k++]));
            }
        }
        return [.. stages];
    }

    private static bool FitsAfter(Bijection first, Bijection next) =>
        first is Coupling a && next is Coupling b && (b.Partition.IsSameAs(a.Partition) || b.Partition.IsSwapOf(a.Partition));

    public (Tensor Z, Tensor LogDet) Normalize(Tensor x, Tensor? context)
    {
        var halves = partition.Split(x);
        var logs = new List<Tensor>(layers.Length);
        foreach (var (layer, swapped) in layers)
        {
            ref var changed = ref swapped ? ref halves.Kept : ref halves.Changed;
            var (y, log) = layer.Change(swapped ? halves.Changed : halves.Kept, changed, Only(layer, context));
            Replace(ref changed, y);
            if (log is not null) logs.Add(log);
        }
        return (partition.Merge(halves.Kept, halves.Changed), Sum(logs, x));
    }

    public (Tensor X, Tensor LogDet) Generate(Tensor z, Tensor? context)
    {
        var halves = partition.Split(z);
        var logs = new List<Tensor>(layers.Length);
        for (var k = layers.Length - 1; k >= 0; k--)
        {
            var (layer, swapped) = layers[k];
            ref var changed = ref swapped ? ref halves.Kept : ref halves.Changed;
            var (x, log) = layer.ChangeBack(swapped ? halves.Changed : halves.Kept, changed, Only(layer, context));
            Replace(ref changed, x);
            if (log is not null) logs.Add(log);
        }
        return (partition.Merge(halves.Kept, halves.Changed), Sum(logs, z));
    }

    public Tensor GenerateOnly(Tensor z, Tensor? context)
    {
        var halves = partition.Split(z);
        for (var k = layers.Length - 1; k >= 0; k--)
        {
            var (layer, swapped) = layers[k];
            ref var changed = ref swapped ? ref halves.Kept : ref halves.Changed;
            Replace(ref changed, layer.ChangeBackOnly(swapped ? halves.Changed : halves.Kept, changed, Only(layer, context)));
        }
        return partition.Merge(halves.Kept, halves.Changed);
    }

    /// <summary>Puts a new part in the place of the old one, whose memory the next layer can use.</summary>
    private static void Replace(ref Tensor part, Tensor next)
    {
        part.Dispose();
        part = next;
    }

    /// <summary>All elementwise log-derivatives added up for each event.</summary>
    private static Tensor Sum(List<Tensor> logs, Tensor x) =>
        logs.Count == 0 ? x.new_zeros(x.size(0)) : (x.dim() == 2 ? torch.cat(logs, 1) : torch.cat([.. logs.Select(l => l.flatten(1))], 1)).sum(1L);

    private static Tensor? Only(Coupling layer, Tensor? context) => layer.ContextSize is null ? null : context;
}
