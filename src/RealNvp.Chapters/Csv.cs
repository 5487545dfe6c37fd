using RealNvp.Flows.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Chapters;

/// <summary>A table of numbers with named columns, read from a file of cells separated by commas, semicolons or tabs.</summary>
/// <param name="Columns">The columns' names, from the first line.</param>
/// <param name="Rows">The values, row by row.</param>
public sealed record Csv(IReadOnlyList<string> Columns, IReadOnlyList<double[]> Rows)
{
    /// <summary>
    /// The rows' names, from a first column that has no name itself, as the index that pandas and R write; null where there is
    /// none. It is no feature, and not among the <see cref="Columns"/>.
    /// </summary>
    public IReadOnlyList<string>? RowNames { get; init; }

    /// <summary>
    /// The names of the categories of columns that were read as such, by column: the number k in a row stands for the k-th name.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Categories { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Where a row came from, for messages.</summary>
    internal Func<int, string> Place { get; init; } = row => $"row {row}";

    /// <summary>
    /// Reads a file whose first line names the columns and whose other lines hold one number for each, with a point as the
    /// decimal mark. Cells are separated by what separates the names: commas, semicolons or tabs; they may be quoted. A first
    /// column without a name becomes <see cref="RowNames"/>.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="categories">Names of columns whose cells are words, not numbers: a row holds the place of its word among the
    /// column's, in ordinal order; see <see cref="Categories"/>. Null is none.</param>
    /// <exception cref="ArgumentException">There is no column of a name in categories; the message names those that there
    /// are.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no plain file.</exception>
    /// <exception cref="FormatException">A line has too few or too many cells, or a cell is no finite number; the message names
    /// file, line and column. Or the file is longer than 256 MiB, or a line longer than 1 MiB.</exception>
    public static Csv Read(string path, IReadOnlyList<string>? categories = null)
    {
        TableLimits.Require(path);
        return CsvFile.Read(path, categories ?? []);
    }

    /// <summary>The table as a tensor [rows, columns].</summary>
    /// <exception cref="FormatException">The dtype cannot hold a value, or a column's values are lost in its rounding; the
    /// message names line and column.</exception>
    public Tensor ToTensor(ScalarType dtype = ScalarType.Float32)
    {
        using var scope = NewDisposeScope();
        var values = torch.tensor(Rows.SelectMany(row => row).ToArray(), [Rows.Count, Columns.Count]);
        if (Rounding.FirstBeyond(values, dtype) is { } far)
            throw new FormatException($"{Place((int)far[0])}, column {Columns[(int)far[1]]}: "
                + $"{values[far[0], far[1]].ToDouble():r} is beyond the largest {dtype}; divide the column, or ask for float64.");
        if (Rounding.FirstLoss(values, dtype) is { } loss)
            throw new FormatException($"{Place(0)}, column {Columns[(int)loss.Feature[0]]}: {loss.Text}; ask for float64, or "
                + "subtract a number near the column's mean first.");
        return scope.MoveToOuter(values.to(dtype));
    }
}
