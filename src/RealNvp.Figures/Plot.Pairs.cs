using static TorchSharp.torch;

namespace RealNvp.Figures;

public sealed partial class Plot
{
    private const int MostParameters = 8;
    private const int MostInPairs = 4000;   // in all panels together
    private const double PairsGap = 0.025;

    /// <summary>
    /// Samples of several numbers, two by two: a histogram of each on the diagonal, below it the points of each pair. A posterior
    /// at one look.
    /// </summary>
    /// <param name="title">What to see.</param>
    /// <param name="labels">Labels of the D columns, with their units.</param>
    /// <param name="samples">Names and samples [N, D]; the last is drawn on top.</param>
    /// <exception cref="ArgumentException">There are fewer than two columns or more than eight, a label is blank, labels and
    /// columns differ in number, or a column has no finite value.</exception>
    public static Plot Pairs(string title, IReadOnlyList<string> labels, params (string Name, Tensor Samples)[] samples) =>
        Pairs(title, labels, null, samples);

    /// <summary>The same with one point marked in every panel, the true parameters say.</summary>
    /// <param name="title">What to see.</param>
    /// <param name="labels">Labels of the D columns, with their units.</param>
    /// <param name="marked">The point's name and its D numbers; null for none.</param>
    /// <param name="samples">Names and samples [N, D]; the last is drawn on top.</param>
    /// <exception cref="ArgumentException">There are fewer than two columns or more than eight, a label is blank, labels, numbers
    /// and columns differ in number, or a column has no finite value.</exception>
    public static Plot Pairs(string title, IReadOnlyList<string> labels, (string Name, double[] Values)? marked,
        params (string Name, Tensor Samples)[] samples)
    {
        ArgumentNullException.ThrowIfNull(labels);
        FigureArguments.Some(samples, "sample");
        var dim = labels.Count;
        if (dim is < 2 or > MostParameters)
            throw new ArgumentException($"Expected two to {MostParameters} columns; given {dim}. Show a part of them.",
                nameof(labels));
        if (marked is { } point && point.Values.Length != dim)
            throw new ArgumentException($"Expected {dim} numbers of the point, one for each label; given {point.Values.Length}.",
                nameof(marked));
        double[][][] columns = [.. samples.Select(sample => Columns(sample.Name, sample.Samples, dim))];
        var ranges = Enumerable.Range(0, dim).Select(k => AxisNumbers.Padded(AxisNumbers.Range(columns
            .SelectMany(sample => sample[k]).Concat(marked is { } at ? [at.Values[k]] : [])), 0.04)).ToArray();
        var (layout, traces, named) = (new PlotlyObject(), new List<PlotlyObject>(), new HashSet<string>());
        // The panel at the left below comes first: it carries labels of both axes.
        var panels = Enumerable.Range(0, dim).Reverse().SelectMany(row => Enumerable.Range(0, row + 1).Select(k => (row, k)));
        var most = Math.Max(100, MostInPairs / (samples.Length * Math.Max(1, dim * (dim - 1) / 2)));
        foreach (var ((row, column), index) in panels.Select((panel, index) => (panel, index)))
        {
            var suffix = index == 0 ? "" : $"{index + 1}";
            (layout[$"xaxis{suffix}"], layout[$"yaxis{suffix}"]) = PairAxes(labels, row, column, suffix, ranges);
            var drawn = row == column
                ? Marginals(samples, columns, ranges[row], row).Concat(marked is { } m
                    ? [MarkedLine(m.Name, m.Values[row], Highest(columns, ranges[row], row), samples.Length)] : [])
                : samples.Select((sample, i) => Cloud(sample.Name, Points.From(columns[i][column], columns[i][row]), most,
                    new PlotArea(ranges[column].Low, ranges[column].High, ranges[row].Low, ranges[row].High), i)).Select(Small)
                    .Concat(marked is { } p ? [MarkedPoint(p.Name, p.Values[column], p.Values[row], samples.Length)] : []);
            foreach (var trace in drawn)
            {
                (trace["xaxis"], trace["yaxis"]) = ($"x{suffix}", $"y{suffix}");
                // Thinned clouds say so in their names; the legend has room for one of each.
                var name = ((string)trace["name"]!).Split(" (")[0];
                (trace["name"], trace["legendgroup"]) = (name, name);
                if (!named.Add(name)) trace["showlegend"] = false;
                traces.Add(trace);
            }
        }
        (layout["barmode"], layout["bargap"], layout["height"]) = ("overlay", 0, PlaneHeight + Math.Max(0, dim - 3) * 90);
        return Make(title, layout, traces);
    }

    private static double[][] Columns(string name, Tensor samples, int dim)
    {
        FigureArguments.Label(name, "The name of a sample");
        ArgumentNullException.ThrowIfNull(samples);
        var rows = Tensors.Matrix(samples, $"samples [N, {dim}], a column for each label");
        if (rows.GetLength(1) != dim || rows.GetLength(0) == 0)
            throw new ArgumentException($"Expected samples [N, {dim}], a column for each label; '{name}' is "
                + $"{Tensors.Shape(samples)}.", nameof(samples));
        double[][] columns = [.. Enumerable.Range(0, dim).Select(k =>
            Enumerable.Range(0, rows.GetLength(0)).Select(i => rows[i, k]).ToArray())];
        if (Array.FindIndex(columns, column => !column.Any(double.IsFinite)) is >= 0 and int empty)
            throw new ArgumentException($"Expected finite values to show; column {empty} of '{name}' has none.", nameof(samples));
        return columns;
    }

    private static (PlotlyObject X, PlotlyObject Y) PairAxes(IReadOnlyList<string> labels, int row, int column, string suffix,
        (double Low, double High)[] ranges)
    {
        var share = (1 - PairsGap * (labels.Count - 1)) / labels.Count;
        double[] Domain(int place) => [Math.Round(place * (share + PairsGap), 4),
            Math.Round(Math.Min(1, place * (share + PairsGap) + share), 4)];
        var (x, y) = (Axis(FigureArguments.Label(labels[column], "A label"), ranges[column]),
            Axis(FigureArguments.Label(labels[row], "A label"), ranges[row]));
        (x["domain"], y["domain"]) = (Domain(column), Domain(labels.Count - 1 - row));
        (x["anchor"], y["anchor"]) = ($"y{suffix}", $"x{suffix}");
        foreach (var axis in new[] { x, y })
            (axis["nticks"], axis["tickangle"], axis["tickfont"]) = (4, 0, new PlotlyObject { ["size"] = 11 });
        if (row < labels.Count - 1) Bare(x);
        if (column > 0 || row == column) Bare(y);
        if (row == column) y.Remove("range");
        return (x, y);
    }

    // Panels inside share the labels of those at the left and below.
    private static void Bare(PlotlyObject axis)
    {
        axis["showticklabels"] = false;
        axis.Remove("title");
    }

    private static IEnumerable<PlotlyObject> Marginals((string Name, Tensor Samples)[] samples, double[][][] columns,
        (double Low, double High) range, int column)
    {
        double[][] finite = [.. columns.Select(sample => sample[column].Where(double.IsFinite).ToArray())];
        var bins = PairBins(finite, range);
        var width = (range.High - range.Low) / bins;
        return finite.Select((values, i) => i == 0
            ? Bars(samples[i].Name, range.Low, width, Densities(values, range.Low, width, bins), samples.Length == 1)
            : Outline(samples[i].Name, range.Low, width, Densities(values, range.Low, width, bins), i));
    }

    // As fine as the narrowest sample needs: a posterior beside its prior.
    private static int PairBins(double[][] samples, (double Low, double High) range) =>
        Math.Min(40, samples.Max(values => Bins([values], range.Low, range.High)));

    private static PlotlyObject Small(PlotlyObject cloud)
    {
        (cloud.Inner("marker")["size"], cloud.Inner("marker")["opacity"]) = (3.5, 0.55);
        return cloud;
    }

    private static double Highest(double[][][] columns, (double Low, double High) range, int column)
    {
        double[][] finite = [.. columns.Select(sample => sample[column].Where(double.IsFinite).ToArray())];
        var bins = PairBins(finite, range);
        return finite.Max(values => Densities(values, range.Low, (range.High - range.Low) / bins, bins).Max());
    }

    private static PlotlyObject MarkedLine(string name, double x, double height, int index)
    {
        var line = Curve(FigureArguments.Label(name, "The name of the point"), [x, x], [0, height], index);
        (line.Inner("line")["color"], line["showlegend"]) = (Palette.Grey, false);
        return line;
    }

    private static PlotlyObject MarkedPoint(string name, double x, double y, int index)
    {
        var point = Curve(FigureArguments.Label(name, "The name of the point"), [x], [y], index);
        point["mode"] = "markers";
        point["marker"] = new PlotlyObject { ["color"] = Palette.Grey, ["size"] = 10, ["symbol"] = "x" };
        point.Remove("line");
        return point;
    }
}
