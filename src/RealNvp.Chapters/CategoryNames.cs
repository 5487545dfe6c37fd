namespace RealNvp.Chapters;

/// <summary>The names that a column's cells hold, numbered as they are met, and in ordinal order once all are known.</summary>
internal sealed class CategoryNames
{
    private readonly Dictionary<string, int> met = [];

    /// <summary>The number of a cell's name; null where the cell is empty.</summary>
    internal double? Place(string cell)
    {
        if (cell.Length == 0) return null;
        if (!met.TryGetValue(cell, out var place)) met.Add(cell, place = met.Count);
        return place;
    }

    /// <summary>Brings a column's numbers to the names' ordinal order, which does not hang on that of the rows.</summary>
    internal IReadOnlyList<string> InOrder(int column, IReadOnlyList<double[]> rows)
    {
        string[] names = [.. met.Keys.Order(StringComparer.Ordinal)];
        var places = new int[names.Length];
        for (var k = 0; k < names.Length; k++) places[met[names[k]]] = k;
        foreach (var row in rows) row[column] = places[(int)row[column]];
        return names;
    }
}
