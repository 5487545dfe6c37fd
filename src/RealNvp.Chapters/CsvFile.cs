using System.Globalization;
using nietras.SeparatedValues;

namespace RealNvp.Chapters;

/// <summary>Reads tables: what people's programs write, and a sentence for what is none.</summary>
internal static class CsvFile
{
    private static readonly char[] Separators = [',', ';', '\t'];

    internal static Csv Read(string path, IReadOnlyList<string> categories)
    {
        var (separator, namesLine) = NamesLine(path);
        using var reader = Sep.New(separator).Reader(o => o with
        {
            HasHeader = false,
            DisableColCountCheck = true,
            Unescape = true,
            Trim = SepTrim.All,
        }).FromFile(path);
        List<string>? columns = null;
        bool? named = null;
        var (rows, names, lines) = (new List<double[]>(), new List<string>(), new List<int>());
        var words = categories.Distinct().ToDictionary(column => column, _ => new CategoryNames());
        foreach (var row in reader)
        {
            if (row.Span.Trim().IsEmpty) continue;
            var line = columns is null ? namesLine : row.LineNumberFrom;
            var place = $"{path}, line {line}";
            string[] cells = [.. row[..].ToStringsArray()];
            if (columns is null)
            {
                columns = Names(cells, place);
                continue;
            }
            // A first column without a name, in the names' line as pandas writes it, or not there at all, as R does.
            named ??= IsNameless(columns[0]) || (cells.Length == columns.Count + 1 && IsName(cells[0]));
            if (named.Value && IsNameless(columns[0])) columns.RemoveAt(0);
            var own = named.Value ? cells.Skip(1).ToArray() : cells;
            if (own.Length != columns.Count) throw new FormatException(WrongCount(place, columns, own.Length, named.Value));
            if (named.Value) names.Add(cells[0]);
            if (rows.Count == 0) RequireColumns(categories, columns);
            rows.Add([.. own.Select((cell, k) => (words.TryGetValue(columns[k], out var known) ? known.Place(cell) : Number(cell))
                ?? throw new FormatException($"{place}, column {k + 1 + (named.Value ? 1 : 0)} ({Shown.Text(columns[k], 100)}): "
                + $"expected a {(words.ContainsKey(columns[k]) ? "category" : "number")}, but found "
                + $"\"{Shown.Text(cell, 100)}\"{Advice(cell)}."))]);
            lines.Add(line);
        }
        if (columns is null) throw new FormatException($"{path}, line 1: expected the columns' names, but the file is empty.");
        if (rows.Count == 0) throw new FormatException($"{path}: there are no rows below the columns' names.");
        return new(columns, rows)
        {
            Categories = words.ToDictionary(column => column.Key,
                column => column.Value.InOrder(columns.IndexOf(column.Key), rows)),
            RowNames = named == true ? names : null,
            Place = row => $"{path}, line {lines[row]}",
        };
    }

    private static List<string> Names(string[] cells, string place)
    {
        if (cells.All(name => name.Length == 0))
            throw new FormatException($"{place}: expected the columns' names, but the line is empty.");
        if (cells.All(name => Number(name) is not null))
            throw new FormatException($"{place}: expected the columns' names, but found numbers ({Shown.Text(string.Join(",", cells))}); "
                + "put a line of names above them, or in their place where they are meant for names.");
        if (Array.FindIndex(cells, 1, name => name.Length == 0) is > 0 and var nameless)
            throw new FormatException($"{place}, column {nameless + 1}: expected a column's name, but the cell is empty; name "
                + "the column, or take it out.");
        if (cells.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new FormatException($"{place}: expected the columns' names, each once, but \"{Shown.Text(twice.Key, 100)}\" is "
                + "there twice.");
        if (cells.Length == 1 && IsNameless(cells[0]))
            throw new FormatException($"{place}: there is no column besides the rows' names.");
        return [.. cells];
    }

    private static void RequireColumns(IReadOnlyList<string> categories, List<string> columns)
    {
        if (categories.FirstOrDefault(name => !columns.Contains(name)) is { } unknown)
            throw new ArgumentException($"There is no column \"{Shown.Text(unknown, 100)}\" to read as categories; there are "
                + $"{Shown.Text(string.Join(", ", columns))}.", nameof(categories));
    }

    /// <summary>"Unnamed: 0" is what pandas calls a column without a name when it writes it again.</summary>
    private static bool IsNameless(string name) => name.Length == 0 || name == "Unnamed: 0";

    /// <summary>A row's name is a word or a whole number.</summary>
    private static bool IsName(string cell) => cell.Length > 0 && Number(cell) is not { } value || Number(cell) % 1 == 0;

    private static string WrongCount(string place, List<string> columns, int found, bool named)
    {
        var expected = $"{place}: expected {columns.Count} cells ({Shown.Text(string.Join(", ", columns))})"
            + $"{(named ? " after the row's name" : "")}, but found {found}";
        return found == 2 * columns.Count
            ? $"{expected}; if commas are decimal marks here, write points in their place, or separate cells by semicolons."
            : $"{expected}.";
    }

    private static string Advice(string cell) =>
        cell.Length == 0 ? "; fill in what is missing, or leave the line out"
        : cell.Contains(',') && Number(cell.Replace(',', '.')) is not null
            ? $"; the decimal mark is a point: write {Shown.Text(cell.Replace(',', '.'), 100)} if that is meant"
        : double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsInfinity(value)
            ? ", which is beyond the largest float64 or infinite" : "";

    private static double? Number(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
        ? value : null;

    /// <summary>
    /// What stands most often between the names, outside quotes, a comma where nothing does; and the number of their line, the
    /// first that is not blank.
    /// </summary>
    private static (char Separator, int Line) NamesLine(string path)
    {
        var first = File.ReadLines(path).Select((line, k) => (Text: line, Number: k + 1))
            .FirstOrDefault(line => line.Text.Trim().Length > 0, (Text: "", Number: 1));
        var bare = string.Concat(first.Text.Split('"').Where((_, k) => k % 2 == 0));
        return (Separators.MaxBy(separator => bare.Count(c => c == separator)), first.Number);
    }
}
