using static TorchSharp.torch;

namespace RealNvp.Flows.Models;

public abstract partial class Support
{
    /// <summary>Whole numbers beyond which float32 leaves less than 8 places between one and the next.</summary>
    private const double MostWhole = 1 << 20;

    /// <summary>
    /// Categories, written as the numbers 0 to kinds - 1, in one column; for <see cref="Architectures.MixedTable"/>.
    /// </summary>
    /// <param name="kinds">How many there are, at least two; one that the data do not hold counts, too.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two.</exception>
    public static Support Category(int kinds) => new Discrete(0, Arguments.AtLeastTwo(kinds) - 1, kinds);

    /// <summary>
    /// Whole numbers, of which neighbours are alike: counts, years; for <see cref="Architectures.MixedTable"/>.
    /// </summary>
    /// <param name="low">The least one that there can be; null for none.</param>
    /// <param name="high">The greatest; null for none.</param>
    /// <exception cref="ArgumentException">The greatest is not above the least, or one is beyond 1,048,576, from where on a
    /// column is best taken for real numbers.</exception>
    public static Support WholeNumber(int? low = null, int? high = null)
    {
        foreach (var (end, name) in new[] { (low, nameof(low)), (high, nameof(high)) })
            if (end is { } given && Math.Abs((double)given) > MostWhole)
                throw new ArgumentOutOfRangeException(name, end, $"{name} is at most {MostWhole:f0} in size; of greater whole "
                    + "numbers, take the column for real ones.");
        if (low >= high)
            throw new ArgumentException($"The greatest number lies above the least, but was given {low} and {high}.",
                nameof(high));
        return new Discrete(low ?? double.NegativeInfinity, high ?? double.PositiveInfinity, null);
    }

    /// <summary>Whether its columns hold whole numbers, which have no density.</summary>
    internal bool IsDiscrete => this is Discrete;

    /// <summary>Numbers between two ends, either of which may be infinite.</summary>
    internal static Support Between(double low, double high) => new Side(low, high);

    /// <summary>The real numbers that stand for a discrete column's values.</summary>
    internal DiscreteColumn Column(bool argmax)
    {
        var (low, high, kinds) = (Discrete)this;
        return kinds is { } count && argmax ? new DiscreteColumn.Argmax(count) : new DiscreteColumn.Dequantized(low, high);
    }

    private sealed class Discrete(double low, double high, int? kinds) : Support(1)
    {
        internal void Deconstruct(out double least, out double greatest, out int? categories) =>
            (least, greatest, categories) = (low, high, kinds);

        private protected override Tensor Outside(Tensor x) =>
            x.ne(x.floor()) | x.lt(low) | x.gt(high) | x.abs().gt(MostWhole);

        public override string ToString() => kinds is not null ? $"the categories {low} to {high}"
            : double.IsInfinity(low) && double.IsInfinity(high) ? "the whole numbers up to 1,048,576 in size"
            : double.IsInfinity(high) ? $"the whole numbers from {low} up to 1,048,576"
            : double.IsInfinity(low) ? $"the whole numbers down from {high} to -1,048,576"
            : $"the whole numbers from {low} to {high}";
    }
}
