using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Data;

/// <summary>A table of numbers with named columns, read from a comma-separated file.</summary>
/// <param name="Columns">The columns' names, from the first line.</param>
/// <param name="Rows">The values, row by row.</param>
public sealed record Csv(IReadOnlyList<string> Columns, IReadOnlyList<double[]> Rows)
{
    /// <summary>Reads a file whose first line names the columns and whose other lines hold one number for each; quotes around a cell are left out.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">A line has too few or too many cells, or a cell is no finite number; the message names file, line and column.</exception>
    public static Csv Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no data file {path}.", path);
        using var lines = File.ReadLines(path).GetEnumerator();
        if (!lines.MoveNext() || lines.Current.Trim().Length == 0)
            throw new FormatException($"{path}, line 1: expected the columns' names, but the line is empty.");
        var columns = Cells(lines.Current);
        if (columns.All(name => double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
            throw new FormatException($"{path}, line 1: expected the columns' names, but found numbers ({lines.Current.Trim()}); put a line of names above them.");
        var rows = new List<double[]>();
        for (var number = 2; lines.MoveNext(); number++)
        {
            if (lines.Current.Trim().Length == 0) continue;
            var cells = Cells(lines.Current);
            if (cells.Length != columns.Length)
                throw new FormatException($"{path}, line {number}: expected {columns.Length} cells ({string.Join(", ", columns)}), but found {cells.Length}.");
            var row = new double[cells.Length];
            for (var k = 0; k < cells.Length; k++)
                if (!double.TryParse(cells[k], NumberStyles.Float, CultureInfo.InvariantCulture, out row[k]) || !double.IsFinite(row[k]))
                    throw new FormatException($"{path}, line {number}, column {k + 1} ({columns[k]}): expected a number, but found \"{cells[k]}\".");
            rows.Add(row);
        }
        if (rows.Count == 0) throw new FormatException($"{path}: there are no rows below the columns' names.");
        return new(columns, rows);
    }

    private static string[] Cells(string line) => [.. line.Split(',', StringSplitOptions.TrimEntries).Select(Unquoted)];

    private static string Unquoted(string cell) => cell is ['"', .. var inner, '"'] ? inner : cell;

    /// <summary>The table as a tensor [rows, columns].</summary>
    public Tensor ToTensor(ScalarType dtype = ScalarType.Float32)
    {
        using var scope = NewDisposeScope();
        var values = torch.tensor(Rows.SelectMany(row => row).ToArray(), [Rows.Count, Columns.Count]);
        return scope.MoveToOuter(values.to(dtype));
    }
}
