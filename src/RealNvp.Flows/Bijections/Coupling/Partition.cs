using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// A partition of an event along its first dimension into a kept part and a changed part, which a coupling reads and changes.
/// Contiguous and regularly spaced parts are views; any other set is gathered by index. No mask is multiplied.
/// </summary>
/// <example>
/// <code>
/// var partition = Partition.OddEven(5);
/// var (kept, changed) = partition.Split(arange(5).view(1, 5));
/// Console.WriteLine($"{kept.shape[1]} {changed.shape[1]} {partition.Swap()}");
/// // prints 3 2 odd/even: 2 kept, 3 changed, swapped
/// </code>
/// </example>
public sealed class Partition : FlowModule
{
    private readonly Selection kept;
    private readonly Selection changed;
    private readonly Tensor? back;   // where each feature lies in [kept, changed]; null when they lie in order

    private Partition(string rule, IReadOnlyList<int> kept, IReadOnlyList<int> changed, long[] rest) : base(nameof(Partition))
    {
        Rule = rule;
        Kept = kept;
        Changed = changed;
        Rest = rest;
        this.kept = new(kept);
        this.changed = new(changed);
        int[] merged = [.. kept, .. changed];
        KeptFirst = merged.SequenceEqual(Enumerable.Range(0, merged.Length));
        ChangedFirst = changed.Concat(kept).SequenceEqual(Enumerable.Range(0, merged.Length));
        if (!KeptFirst && !ChangedFirst)
        {
            var order = new long[merged.Length];
            for (var k = 0; k < merged.Length; k++) order[merged[k]] = k;
            back = torch.tensor(order);
        }
        RegisterComponents();
    }

    /// <summary>The first half is kept, the second changed; of an odd dimension the kept part is the longer one.</summary>
    /// <exception cref="ArgumentException">d is less than 2: one part would be empty.</exception>
    public static Partition Halves(int d)
    {
        RequireTwo(d, nameof(Halves));
        var k = d - d / 2;
        return new("halves", [.. Enumerable.Range(0, k)], [.. Enumerable.Range(k, d - k)], []);
    }

    /// <summary>Features 0, 2, 4... are kept, 1, 3, 5... changed.</summary>
    /// <exception cref="ArgumentException">d is less than 2.</exception>
    public static Partition OddEven(int d)
    {
        RequireTwo(d, nameof(OddEven));
        return new("odd/even", [.. Enumerable.Range(0, d).Where(i => i % 2 == 0)],
            [.. Enumerable.Range(0, d).Where(i => i % 2 == 1)], []);
    }

    /// <summary>The given features of d are kept, the others changed.</summary>
    /// <exception cref="ArgumentException">A feature is repeated or outside 0 .. d-1, or one part is empty.</exception>
    public static Partition FromIndices(int d, params IReadOnlyList<int> kept)
    {
        ArgumentNullException.ThrowIfNull(kept);
        Arguments.AtLeastOne(d);
        if (kept.FirstOrDefault(i => i < 0 || i >= d, -1) is var bad && kept.Any(i => i < 0 || i >= d))
            throw new ArgumentException($"Features of a partition of {d} lie in 0 to {d - 1}, but was given {bad}.",
                nameof(kept));
        if (kept.Distinct().Count() != kept.Count)
            throw new ArgumentException($"Features of a partition are named once, but was given ({string.Join(", ", kept)}).",
                nameof(kept));
        if (kept.Count == 0 || kept.Count == d)
            throw new ArgumentException(
                $"A partition has two parts that are not empty, but {kept.Count} of {d} features were to be kept.", nameof(kept));
        return new("indices", [.. kept], [.. Enumerable.Range(0, d).Except(kept)], []);
    }

    /// <summary>
    /// Channel-wise, for images [channels, height, width]: the first half of the channels is kept (Dinh et al. 2017,
    /// arXiv:1605.08803, section 3.4).
    /// </summary>
    /// <exception cref="ArgumentException">There are fewer than two channels, or the number is odd.</exception>
    public static Partition Channels(int channels, long height, long width)
    {
        RequireTwo(channels, nameof(Channels), nameof(channels));
        Arguments.Image(channels, height, width);
        if (channels % 2 != 0)
            throw new ArgumentException($"A channel-wise partition halves an even number of channels, but was given {channels}.",
                nameof(channels));
        return new("channels", [.. Enumerable.Range(0, channels / 2)], [.. Enumerable.Range(channels / 2, channels / 2)],
            [height, width]);
    }

    /// <summary>How it was made: halves, odd/even, indices, channels.</summary>
    public string Rule { get; }

    /// <summary>The features that a coupling reads and leaves as they are.</summary>
    public IReadOnlyList<int> Kept { get; }

    /// <summary>The features that a coupling changes.</summary>
    public IReadOnlyList<int> Changed { get; }

    /// <summary>The event dimensions after the partitioned one.</summary>
    public long[] Rest { get; }

    /// <summary>Shape of one event.</summary>
    public long[] Shape => [Kept.Count + Changed.Count, .. Rest];

    private bool KeptFirst { get; }

    private bool ChangedFirst { get; }

    /// <summary>The same two parts with their roles exchanged.</summary>
    public Partition Swap() => new(Rule, Changed, Kept, Rest);

    /// <summary>Takes [N, d, ...] apart into kept [N, k, ...] and changed [N, d - k, ...].</summary>
    public (Tensor Kept, Tensor Changed) Split(Tensor x) => (kept.Of(x), changed.Of(x));

    /// <summary>Puts the two parts together again: the inverse of <see cref="Split"/>.</summary>
    public Tensor Merge(Tensor keptPart, Tensor changedPart)
    {
        if (ChangedFirst) return torch.cat([changedPart, keptPart], 1);
        var merged = torch.cat([keptPart, changedPart], 1);
        return back is null ? merged : merged.index_select(1, back);
    }

    internal bool IsSameAs(Partition other) =>
        Same(Kept, other.Kept) && Same(Changed, other.Changed) && Rest.SequenceEqual(other.Rest);

    internal bool IsSwapOf(Partition other) =>
        Same(Kept, other.Changed) && Same(Changed, other.Kept) && Rest.SequenceEqual(other.Rest);

    private static bool Same(IReadOnlyList<int> a, IReadOnlyList<int> b) => a.SequenceEqual(b);

    private static void RequireTwo(int d, string rule, string argument = "d")
    {
        if (d < 2)
            throw new ArgumentException($"{rule} splits at least 2 features into two parts that are not empty, but was given "
                + $"{d}; "
                + "one feature can be changed without couplings (Elementwise, MaskedAutoregressive, ContinuousFlow).", argument);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Rule}: {Kept.Count} kept, {Changed.Count} changed{(Kept.Contains(0) ? "" : ", swapped")}";

    /// <summary>Features taken along dimension 1: a view where their spacing is regular, else a gather.</summary>
    private sealed class Selection : FlowModule
    {
        private readonly int start;
        private readonly int step;
        private readonly int count;
        private readonly Tensor? index;

        internal Selection(IReadOnlyList<int> features) : base(nameof(Selection))
        {
            start = features[0];
            count = features.Count;
            step = count > 1 ? features[1] - features[0] : 1;
            if (step < 1 || !features.SequenceEqual(Enumerable.Range(0, count).Select(k => start + k * step)))
                index = torch.tensor(features.Select(f => (long)f).ToArray());
            RegisterComponents();
        }

        internal Tensor Of(Tensor x) =>
            index is not null ? x.index_select(1, index)
            : step == 1 ? x.narrow(1, start, count)
            : x.slice(1, start, start + (count - 1) * step + 1, step);
    }
}
