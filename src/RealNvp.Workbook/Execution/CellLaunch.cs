namespace RealNvp.Workbook.Execution;

/// <summary>How a process that runs cells is started.</summary>
internal sealed record CellLaunch
{
    /// <summary>A command that runs the process, such as a sandbox with its options; empty: none.</summary>
    internal IReadOnlyList<string> Enclosure { get; init; } = [];

    /// <summary>More arguments for <see cref="CellHost"/>.</summary>
    internal IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The most bytes that it may say, on its pipe and its console together; then it is ended.</summary>
    internal long SpeechLimit { get; init; } = long.MaxValue;

    /// <summary>The most bytes of one message; then it is ended, too.</summary>
    internal int MessageLimit { get; init; } = 1 << 29;
}
