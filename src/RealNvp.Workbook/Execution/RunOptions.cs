namespace RealNvp.Workbook.Execution;

/// <summary>How a notebook is run.</summary>
internal sealed record RunOptions
{
    /// <summary>The longest that one cell may run; null: no limit.</summary>
    public TimeSpan? CellTimeout { get; init; }

    /// <summary>The longest that all cells together may run; null: no limit.</summary>
    public TimeSpan? NotebookTimeout { get; init; }

    /// <summary>Environment variables for the cells, on top of this process's own; a null value removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The most characters of a stream that one cell keeps; what comes after is counted and dropped.</summary>
    public int StreamLimit { get; init; } = 2_000_000;

    /// <summary>How long a cell that was told to stop has before its process is ended.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(5);
}
