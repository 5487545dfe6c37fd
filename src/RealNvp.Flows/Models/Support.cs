using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Models;

/// <summary>
/// What columns of a table may hold, and the map that takes them onto the line: for <see cref="Architectures.Tabular(Tensor,
/// IReadOnlyList{Support}, int, int, int, int, double, long?)"/>.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term>support</term><description>columns, map</description></item>
/// <item><term>Real</term><description>1, none</description></item>
/// <item><term>Positive, Above(a), Below(b), Interval(a, b)</term><description>1, <see cref="Box"/></description></item>
/// <item><term>Simplex(k)</term><description>k, <see cref="StickBreaking"/></description></item>
/// <item><term>Ordered(k)</term><description>k, <see cref="Bijections.Ordered"/></description></item>
/// <item><term>Correlation(n)</term><description>n n (row by row), <see cref="CorrelationCholesky"/></description></item>
/// <item><term>Category(k), WholeNumber(a, b)</term><description>1, by noise: see <see cref="MixedTable"/></description></item>
/// </list>
/// </remarks>
/// <example>
/// <code>
/// var data = cat([randn(300, 1).exp(), rand(300, 1)], 1);   // a positive number and a part
/// var flow = Architectures.Tabular(data, [Support.Positive, Support.Interval(0, 1)], layers: 2);
/// var x = flow.Sample(1000);
/// Console.WriteLine($"{x.gt(0).all().ToBoolean()} {x.select(1, 1).lt(1).all().ToBoolean()}");
/// // prints True True
/// </code>
/// </example>
public abstract partial class Support
{
    private Support(int columns) => Columns = columns;

    /// <summary>Any number.</summary>
    public static Support Real { get; } = new Side(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>Numbers above 0.</summary>
    public static Support Positive { get; } = new Side(0, double.PositiveInfinity);

    /// <summary>Columns that it takes.</summary>
    public int Columns { get; }

    /// <summary>Numbers above an end.</summary>
    /// <exception cref="ArgumentException">The end is not finite.</exception>
    public static Support Above(double low) => new Side(Finite(low, nameof(low)), double.PositiveInfinity);

    /// <summary>Numbers below an end.</summary>
    /// <exception cref="ArgumentException">The end is not finite.</exception>
    public static Support Below(double high) => new Side(double.NegativeInfinity, Finite(high, nameof(high)));

    /// <summary>Numbers between two ends, which do not belong to it.</summary>
    /// <exception cref="ArgumentException">The ends are not finite, or not in order.</exception>
    public static Support Interval(double low, double high)
    {
        Box.RequireSide(Finite(low, nameof(low)), Finite(high, nameof(high)), nameof(high));
        return new Side(low, high);
    }

    /// <summary>Positive parts that sum to 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two.</exception>
    public static Support Simplex(int parts) => new Block("the simplex (positive parts that sum to 1)",
        Arguments.AtLeastTwo(parts), [parts], () => new StickBreaking(parts), (_, x) => StickBreaking.Outside(x));

    /// <summary>Numbers that increase from column to column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two.</exception>
    public static Support Ordered(int count) => new Block("increasing numbers", Arguments.AtLeastTwo(count), [count],
        () => new Ordered(count), (_, x) => Bijections.Ordered.Outside(x));

    /// <summary>Correlation matrices of n variables, row by row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two.</exception>
    public static Support Correlation(int n) => new Block("the correlation matrices",
        Arguments.AtLeastTwo(n) * n, [n, n],
        () => new CorrelationCholesky(n), (map, x) => ((CorrelationCholesky)map).Outside(x));

    /// <summary>
    /// What the events of a density are, where its kind tells: for uniform, Beta, gamma and von Mises densities, for those on the
    /// whole space, and for products of these.
    /// </summary>
    /// <param name="density">A density of vectors.</param>
    /// <returns>The columns' supports; null where they are not known, as of a flow.</returns>
    public static IReadOnlyList<Support>? Of(Distribution density)
    {
        ArgumentNullException.ThrowIfNull(density);
        if (density.EventShape.Length != 1) return null;
        if (density is Product product)
        {
            var parts = product.Parts.Select(Of).ToArray();
            return parts.Any(part => part is null) ? null : [.. parts.SelectMany(part => part!)];
        }
        var side = density switch
        {
            Uniform uniform => Interval(uniform.Low, uniform.High),
            Beta => Interval(0, 1),
            Gamma => Positive,
            VonMises => Interval(-Math.PI, Math.PI),
            StandardNormal or DiagonalGaussian or Gaussian or GaussianMixture or Laplace or Logistic or Cauchy or StudentT
                or KernelDensity => Real,
            _ => null,
        };
        return side is null ? null : [.. Enumerable.Repeat(side, (int)density.Dimension)];
    }

    /// <summary>A table whose values on an end, which densities draw by rounding, are moved to the next number inside.</summary>
    internal static Tensor OffTheEnds(IReadOnlyList<Support> supports, Tensor x)
    {
        using var scope = NewDisposeScope();
        var (first, parts) = (0L, new List<Tensor>());
        foreach (var support in supports)
        {
            parts.Add(support.OffTheEnd(x.narrow(1, first, support.Columns)));
            first += support.Columns;
        }
        return scope.MoveToOuter(torch.cat(parts, 1));
    }

    /// <summary>The map of a table's columns onto the line; neighbouring columns of one number each share a box.</summary>
    internal static Bijection ToLine(IReadOnlyList<Support> supports)
    {
        var parts = new List<Bijection>();
        for (var k = 0; k < supports.Count;)
        {
            var sides = supports.Skip(k).TakeWhile(s => s is Side).Cast<Side>().ToArray();
            parts.Add(sides.Length > 0 ? BoxOf(sides) : ((Block)supports[k]).Map());
            k += Math.Max(1, sides.Length);
        }
        return parts.Count == 1 && parts[0] is Box ? parts[0] : new Concatenate(parts);
    }

    /// <summary>Whether the columns may hold any number.</summary>
    internal static bool AreFree(IReadOnlyList<Support> supports) => supports.All(support => support.Equals(Real));

    /// <summary>Holds a table to lie inside.</summary>
    internal static void RequireAll(IReadOnlyList<Support> supports, Tensor x, string data, string argument)
    {
        if (supports.Any(s => s is null)) throw new ArgumentException("Each column has a support, but one is null.", argument);
        var columns = supports.Sum(s => s.Columns);
        if (columns != x.size(1))
            throw new ArgumentException($"The {supports.Count} supports take {columns} columns together, but {data} has "
                + $"{x.size(1)}.", argument);
        var first = 0;
        foreach (var support in supports)
        {
            using var scope = NewDisposeScope();
            var part = x.narrow(1, first, support.Columns);
            Data.Finite.RequireWithin(support.Outside(part), part, data, support.InWords, first);
            first += support.Columns;
        }
    }

    /// <summary>Where columns [N, Columns] lie outside, [N, 1].</summary>
    private protected abstract Tensor Outside(Tensor x);

    /// <summary>Columns [N, Columns] with values on an end moved to the next number inside.</summary>
    private protected virtual Tensor OffTheEnd(Tensor x) => x;

    /// <summary>In words.</summary>
    public abstract override string ToString();

    private string InWords => this is Side ? $"{this}, whose ends do not belong to it" : ToString();

    private static Box BoxOf(Side[] sides)
    {
        using var scope = NewDisposeScope();
        return new(torch.tensor(sides.Select(s => s.Low).ToArray()), torch.tensor(sides.Select(s => s.High).ToArray()));
    }

    private static double Finite(double end, string argument) => double.IsFinite(end) ? end
        : throw new ArgumentException($"An end is finite, but was given {end}; {nameof(Real)} has none.", argument);

    private sealed class Side(double low, double high) : Support(1)
    {
        internal double Low => low;

        internal double High => high;

        private protected override Tensor Outside(Tensor x) => x.le(low) | x.ge(high);

        private protected override Tensor OffTheEnd(Tensor x) =>
            torch.where(x.eq(low) & x.isfinite(), Edge.Above(x), torch.where(x.eq(high) & x.isfinite(), Edge.Below(x), x));

        public override string ToString() =>
            double.IsInfinity(low) && double.IsInfinity(high) ? "the line" : $"({low:g6}, {high:g6})";
    }

    private sealed class Block(string name, int columns, long[] shape, Func<Bijection> make,
        Func<Bijection, Tensor, Tensor> outside) : Support(columns)
    {
        internal Bijection Map() => make();

        private protected override Tensor Outside(Tensor x)
        {
            using var map = Map();
            return outside(map.to(x.device), x.reshape([x.size(0), .. shape])).unsqueeze(1);
        }

        public override string ToString() => name;
    }
}
