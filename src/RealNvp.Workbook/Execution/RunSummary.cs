namespace RealNvp.Workbook.Execution;

/// <summary>What became of a cell.</summary>
internal enum CellOutcome
{
    /// <summary>It ran to its end.</summary>
    Succeeded,

    /// <summary>It does not compile, or threw.</summary>
    Failed,

    /// <summary>It failed, and its tag `raises-exception` says that it should.</summary>
    FailedAsExpected,

    /// <summary>It ran into a time limit and was stopped.</summary>
    TimedOut,

    /// <summary>The process ended under it.</summary>
    Crashed,

    /// <summary>The user stopped it.</summary>
    Cancelled,

    /// <summary>It did not run: it is empty, tagged `skip-execution`, or comes after the cell that failed.</summary>
    Skipped,
}

/// <summary>A code cell after a run.</summary>
/// <param name="Number">The cell's place in the notebook, text cells counted too, from 1.</param>
/// <param name="Id">The cell's id in the file.</param>
/// <param name="FirstLine">Its first line that is not empty.</param>
/// <param name="Elapsed">How long it ran.</param>
/// <param name="Outcome">What became of it.</param>
internal sealed record CellSummary(int Number, string Id, string FirstLine, TimeSpan Elapsed, CellOutcome Outcome);

/// <summary>Why a run ended early.</summary>
/// <param name="Cell">The cell's place in the notebook, from 1.</param>
/// <param name="CellId">The cell's id in the file.</param>
/// <param name="Line">The line of the cell, from 1; null where it is not known.</param>
/// <param name="Code">The text of that line.</param>
/// <param name="Kind">The exception's type, or what else it is: a time limit, a crash.</param>
/// <param name="Message">What happened, in one or more lines.</param>
internal sealed record CellError(int Cell, string CellId, int? Line, string? Code, string Kind, string Message)
{
    /// <summary>Cell, line, its code, and the message: what a user needs to find the place.</summary>
    public override string ToString() =>
        $"cell {Cell} (id {CellId})" + (Line is { } line ? $", line {line}: {Code?.Trim()}" : "") + $"\n{Message}";
}

/// <summary>A notebook after a run.</summary>
/// <param name="NotebookPath">The notebook.</param>
/// <param name="OutputPath">The executed copy.</param>
/// <param name="Cells">Every code cell in order.</param>
/// <param name="Elapsed">From the start of the process that runs the cells to the last cell's end.</param>
/// <param name="Error">Why it ended early; null where every cell did what it should.</param>
internal sealed record RunSummary(
    string NotebookPath, string OutputPath, IReadOnlyList<CellSummary> Cells, TimeSpan Elapsed, CellError? Error)
{
    /// <summary>Every cell ran and did what it should.</summary>
    public bool Succeeded => Error is null;

    /// <summary>It did not run now: nothing had changed, and the times are those of the run whose outputs came back.</summary>
    public bool Restored { get; init; }
}

/// <summary>Where a run stands.</summary>
/// <param name="Cell">The cell's place in the notebook, from 1.</param>
/// <param name="FirstLine">Its first line that is not empty.</param>
/// <param name="Done">How many code cells are done.</param>
/// <param name="Total">How many code cells there are to run.</param>
/// <param name="Outcome">The cell's outcome; null while it runs.</param>
/// <param name="Elapsed">How long the cell has run.</param>
/// <param name="LastOutput">The last line that the cell printed.</param>
internal sealed record RunProgress(
    int Cell, string FirstLine, int Done, int Total, CellOutcome? Outcome, TimeSpan Elapsed, string? LastOutput);
