namespace RealNvp.Figures;

public sealed partial class Plot
{
    private const int MostVertices = 1500;

    /// <summary>
    /// Curves through points (x, y), in the order given. A long curve is thinned to 1500 vertices that keep its extremes.
    /// </summary>
    /// <param name="title">What to see.</param>
    /// <param name="x">Label of the x axis, with its unit.</param>
    /// <param name="y">Label of the y axis, with its unit.</param>
    /// <param name="lines">Names, abscissas [N] and ordinates [N]; NaN leaves a gap.</param>
    /// <exception cref="ArgumentException">A label is blank, there is no line, or a line's two lengths differ.</exception>
    public static Plot Lines(string title, string x, string y, params (string Name, Series X, Series Y)[] lines)
    {
        FigureArguments.Some(lines, "line");
        return Make(title, Axes(x, y), lines.Select((line, i) =>
        {
            if (line.X.Count != line.Y.Count)
                throw new ArgumentException($"Expected as many ordinates as abscissas for '{line.Name}'; given {line.X.Count} "
                    + $"and {line.Y.Count}.");
            var kept = Extremes(line.Y.Values, MostVertices);
            FigureArguments.Label(line.Name, "The name of a line");
            return Curve(line.Name, [.. kept.Select(k => line.X.Values[k])], [.. kept.Select(k => line.Y.Values[k])], i);
        }));
    }

    // Of every bucket the first, the lowest, the highest and the last element: a spike survives, whatever the thinning.
    private static int[] Extremes(double[] values, int most)
    {
        if (values.Length <= most) return [.. Enumerable.Range(0, values.Length)];
        var buckets = most / 4;
        List<int> kept = [];
        for (var b = 0; b < buckets; b++)
        {
            var from = (int)((long)b * values.Length / buckets);
            var to = (int)((long)(b + 1) * values.Length / buckets);
            int[] inside = [.. Enumerable.Range(from, to - from)];
            kept.AddRange(new SortedSet<int> { from, inside.MinBy(i => values[i]), inside.MaxBy(i => values[i]), to - 1 });
        }
        return [.. kept];
    }
}
