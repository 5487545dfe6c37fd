using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Transformers;

namespace RealNvp.Flows.Models;

public static partial class Architectures
{
    /// <summary>
    /// A flow on products of circles and lines (tori, cylinders): couplings that change half of the angles or half of the
    /// numbers in turn, given all others, angles by <see cref="MoebiusTransformer"/>, numbers by splines; networks see angles
    /// by cosine and sine (Rezende et al. 2020, arXiv:2002.02428). The base is uniform in angles and standard normal in numbers.
    /// </summary>
    /// <remarks>
    /// Its density is continuous at -pi and pi, with all its derivatives in the angles where the activation has them: take <see
    /// cref="CircularSplineTransformer"/> for more detail and kinks.
    /// </remarks>
    /// <param name="circles">Angles in radians, the first columns.</param>
    /// <param name="lines">Numbers, the columns behind them; standardise them first.</param>
    /// <param name="layers">Rounds: in each, every column is changed once.</param>
    /// <param name="hidden">Widths of the networks' hidden layers; null is [64, 64].</param>
    /// <param name="onCircles">How an angle is changed; null is a mean of 8 Moebius maps.</param>
    /// <param name="activation">The networks' nonlinearity.</param>
    /// <param name="contextSize">Features of a context; null for none.</param>
    /// <exception cref="ArgumentException">There is no column, a number is negative, or layers is below 1; or a single column
    /// is to take a context.</exception>
    public static Flow CirclesAndLines(int circles, int lines = 0, int layers = 3, int[]? hidden = null,
        Transformer? onCircles = null, Activation activation = Activation.Silu, long? contextSize = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lines);
        if (circles < 0 || circles + lines == 0)
            throw new ArgumentException($"There is at least one circle or line, and no negative number of either, but was given "
                + $"{circles} and {lines}.", nameof(circles));
        RequireLayers(layers);
        var d = circles + lines;
        Transformer[] changes = [onCircles ?? new MoebiusTransformer(), new RationalQuadraticTransformer()];
        var groups = Halved(0, circles).Select(group => (Columns: group, Change: changes[0]))
            .Concat(Halved(circles, lines).Select(group => (Columns: group, Change: changes[1]))).ToArray();
        if (d == 1 && contextSize is not null)
            throw new ArgumentException("A single column has no others to be coupled to, so it takes no context here.",
                nameof(contextSize));
        Bijection Layer((int[] Columns, Transformer Change) group)
        {
            if (d == 1) return new Elementwise(group.Change, UnlikeParts, [d]);
            int[] kept = [.. Enumerable.Range(0, d).Except(group.Columns)];
            int[] angles = [.. Enumerable.Range(0, kept.Length).Where(k => kept[k] < circles)];
            // Moebius maps that start alike would stay alike.
            return new Coupling(Partition.FromIndices(d, kept), group.Change, (inputs, outputs) => new PeriodicConditioner(inputs,
                angles, features => new Mlp(features, outputs, hidden ?? [64, 64], activation, contextSize,
                zeroLast: group.Change is not MoebiusTransformer)));
        }
        Distribution[] parts =
        [
            .. circles > 0 ? new Distribution[] { new VonMises(0, 0, circles) } : [],
            .. lines > 0 ? new Distribution[] { new StandardNormal(lines) } : [],
        ];
        return new(new Chain([.. Enumerable.Range(0, layers).SelectMany(_ => groups.Select(Layer))]), new Product(parts));
    }

    /// <summary>The columns in two halves, or in one where there is one column.</summary>
    private static IEnumerable<int[]> Halved(int first, int count)
    {
        int[] all = [.. Enumerable.Range(first, count)];
        return count switch { 0 => [], 1 => [all], _ => [all[..(count / 2)], all[(count / 2)..]] };
    }
}
