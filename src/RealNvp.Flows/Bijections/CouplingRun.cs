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
        var halves = new Halves(partition.Split(x));
        foreach (var (layer, swapped) in layers)
        {
            var (kept, changed) = halves.Roles(swapped);
            halves.Set(swapped, layer.Change(kept, changed, Only(layer, context)));
        }
        return (partition.Merge(halves.First, halves.Second), halves.LogDet(x));
    }

    public (Tensor X, Tensor LogDet) Generate(Tensor z, Tensor? context)
    {
        var halves = new Halves(partition.Split(z));
        for (var k = layers.Length - 1; k >= 0; k--)
        {
            var (layer, swapped) = layers[k];
            var (kept, changed) = halves.Roles(swapped);
            halves.Set(swapped, layer.ChangeBack(kept, changed, Only(layer, context)));
        }
        return (partition.Merge(halves.First, halves.Second), halves.LogDet(z));
    }

    public Tensor GenerateOnly(Tensor z, Tensor? context)
    {
        var (first, second) = partition.Split(z);
        for (var k = layers.Length - 1; k >= 0; k--)
        {
            var (layer, swapped) = layers[k];
            if (swapped) first = layer.ChangeBack(second, first, Only(layer, context)).Changed;
            else second = layer.ChangeBack(first, second, Only(layer, context)).Changed;
        }
        return partition.Merge(first, second);
    }

    private static Tensor? Only(Coupling layer, Tensor? context) => layer.ContextSize is null ? null : context;

    /// <summary>The two parts on their way through the layers, and the sum of each part's log-derivatives.</summary>
    private struct Halves((Tensor Kept, Tensor Changed) parts)
    {
        private Tensor? firstLog;
        private Tensor? secondLog;

        internal Tensor First { get; private set; } = parts.Kept;

        internal Tensor Second { get; private set; } = parts.Changed;

        internal readonly (Tensor Kept, Tensor Changed) Roles(bool swapped) => swapped ? (Second, First) : (First, Second);

        internal void Set(bool swapped, (Tensor Changed, Tensor? LogDerivative) result)
        {
            if (swapped)
            {
                First = result.Changed;
                firstLog = Add(firstLog, result.LogDerivative);
            }
            else
            {
                Second = result.Changed;
                secondLog = Add(secondLog, result.LogDerivative);
            }
        }

        internal readonly Tensor LogDet(Tensor x) => (firstLog, secondLog) switch
        {
            (null, null) => x.new_zeros(x.size(0)),
            ({ } a, null) => a.flatten(1).sum(1L),
            (null, { } b) => b.flatten(1).sum(1L),
            ({ } a, { } b) when SameShape(a, b) => (a + b).flatten(1).sum(1L),
            ({ } a, { } b) => a.flatten(1).sum(1L) + b.flatten(1).sum(1L),
        };

        private static bool SameShape(Tensor a, Tensor b) => a.size(1) == b.size(1);

        private static Tensor? Add(Tensor? sum, Tensor? more) => sum is null ? more : more is null ? sum : sum + more;
    }
}
