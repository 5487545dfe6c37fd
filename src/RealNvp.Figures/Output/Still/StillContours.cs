using System.Globalization;
using System.Text;

namespace RealNvp.Figures.Output.Still;

/// <summary>The lines of equal value over a grid, by marching squares.</summary>
internal static class StillContours
{
    // Vertices closer than this, in the picture's units, are one.
    private const double Finest = 2.2;

    public static string Drawn(PlotlyObject trace, StillAxis x, StillAxis y, double width, double height)
    {
        double[][] z = [.. ((double?[][])trace["z"]!).Select(row => row.Select(value => value ?? double.NaN).ToArray())];
        double[] xs = Places(trace["x"], x, width, z[0].Length),
            ys = [.. Places(trace["y"], y, height, z.Length).Select(at => height - at)];
        StringBuilder path = new();
        foreach (var level in Levels(trace, z))
            foreach (var line in Lines(z, level, xs, ys)) Append(path, line);
        var look = trace.TryGetValue("line", out var line0) ? line0 as PlotlyObject : null;
        var colour = look?.GetValueOrDefault("color") as string ?? "rgba(255,255,255,0.45)";
        return path.Length == 0 ? "" : $"<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"0.8\"/>";
    }

    /// <summary>The levels that the trace names, or about as many round ones as it asks for.</summary>
    public static IReadOnlyList<double> Levels(PlotlyObject trace, double[][] z)
    {
        var asked = trace.GetValueOrDefault("contours") as PlotlyObject;
        (var low, var high) = AxisNumbers.Range(z.SelectMany(row => row));
        double Number(object? value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);
        var named = asked?.ContainsKey("size") == true;
        var step = named ? Number(asked!["size"])
            : Rounded((high - low) / Math.Max(1, Number(trace.GetValueOrDefault("ncontours") ?? 12)));
        if (!(step > 0) || !(high > low)) return [];
        var first = named ? Number(asked!["start"]) : Math.Ceiling(low / step) * step;
        var last = named ? Number(asked!["end"]) : high;
        return [.. Enumerable.Range(0, 200).Select(i => first + i * step).TakeWhile(level => level <= last + 1e-9 * step)
            .Where(level => level > low && level < high)];
    }

    private static double Rounded(double step)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return power * (step / power <= 1 ? 1 : step / power <= 2 ? 2 : step / power <= 5 ? 5 : 10);
    }

    private static double[] Places(object? values, StillAxis axis, double length, int count) =>
        values is double?[] numbers && numbers.Length == count
        ? [.. numbers.Select(number => number is { } value ? axis.Share(value) * length : double.NaN)]
        : [.. Enumerable.Range(0, count).Select(i => (i + 0.5) / count * length)];

    /// <summary>
    /// The lines at one level. A crossing lies on an edge of the grid; each cell joins two of its edges, and equal edges join the
    /// cells.
    /// </summary>
    private static IEnumerable<List<(double X, double Y)>> Lines(double[][] z, double level, double[] xs, double[] ys)
    {
        Dictionary<(int Row, int Column, bool Across), List<(int Row, int Column, bool Across)>> joined = [];
        void Join((int, int, bool) a, (int, int, bool) b)
        {
            foreach ((var from, var to) in (((int, int, bool), (int, int, bool))[])[(a, b), (b, a)])
            {
                if (!joined.TryGetValue(from, out var others)) joined[from] = others = [];
                others.Add(to);
            }
        }
        for (var i = 0; i + 1 < z.Length; i++)
            for (var j = 0; j + 1 < z[i].Length; j++)
            {
                double[] corners = [z[i][j], z[i][j + 1], z[i + 1][j + 1], z[i + 1][j]];
                if (!corners.All(double.IsFinite)) continue;
                (int, int, bool)[] edges = [(i, j, true), (i, j + 1, false), (i + 1, j, true), (i, j, false)];
                bool[] above = [.. corners.Select(value => value >= level)];
                int[] crossed = [.. Enumerable.Range(0, 4).Where(edge => above[edge] != above[(edge + 1) % 4])];
                if (crossed.Length == 2) Join(edges[crossed[0]], edges[crossed[1]]);
                // A saddle: the mean of the corners says which two corners are connected.
                else if (crossed.Length == 4)
                {
                    var turn = corners.Average() >= level == above[0] ? 0 : 1;
                    Join(edges[turn], edges[turn + 1]);
                    Join(edges[(turn + 2) % 4], edges[(turn + 3) % 4]);
                }
            }
        (double, double) At((int Row, int Column, bool Across) edge)
        {
            (var row, var column) = edge.Across ? (edge.Row, edge.Column + 1) : (edge.Row + 1, edge.Column);
            var part = (level - z[edge.Row][edge.Column]) / (z[row][column] - z[edge.Row][edge.Column]);
            return (xs[edge.Column] + part * (xs[column] - xs[edge.Column]), ys[edge.Row] + part * (ys[row] - ys[edge.Row]));
        }
        // Open lines first, from an end; what is left is closed.
        foreach (var start in joined.Keys.OrderBy(edge => joined[edge].Count).ToList())
            if (joined.ContainsKey(start))
            {
                List<(double, double)> line = [];
                (int, int, bool)? here = start;
                while (here is { } edge && joined.Remove(edge, out var next))
                {
                    line.Add(At(edge));
                    here = next.Cast<(int, int, bool)?>().FirstOrDefault(other => joined.ContainsKey(other!.Value));
                    if (here is null && next.Contains(start) && line.Count > 2) line.Add(line[0]);
                }
                yield return line;
            }
    }

    private static void Append(StringBuilder path, List<(double X, double Y)> line)
    {
        var last = line[0];
        path.Append(CultureInfo.InvariantCulture, $"M{last.X:0.#} {last.Y:0.#}");
        for (var i = 1; i < line.Count; i++)
        {
            if (i < line.Count - 1 && Math.Abs(line[i].X - last.X) + Math.Abs(line[i].Y - last.Y) < Finest) continue;
            last = line[i];
            path.Append(CultureInfo.InvariantCulture, $"L{last.X:0.#} {last.Y:0.#}");
        }
    }
}
