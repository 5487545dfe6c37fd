namespace RealNvp.Workbook.Classroom;

/// <summary>What a submission may use.</summary>
internal sealed record GradingLimits
{
    /// <summary>The longest that one cell, or one call by a test, may run.</summary>
    public TimeSpan Cell { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest that the whole submission may run.</summary>
    public TimeSpan Submission { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The most memory that its processes may hold together, in bytes.</summary>
    public long Memory { get; init; } = 2L << 30;

    /// <summary>The most bytes that it may write, to one file and to all of them together.</summary>
    public long Files { get; init; } = 64L << 20;

    /// <summary>The most files and folders that it may make in a place where it can write.</summary>
    public int Names { get; init; } = 4000;

    /// <summary>The most processes and threads.</summary>
    public int Tasks { get; init; } = 256;

    /// <summary>The most bytes that it may print and answer.</summary>
    public long Speech { get; init; } = 256L << 20;

    /// <summary>The most bytes of one message, such as a value that a function returns.</summary>
    public int Message { get; init; } = 16 << 20;

    /// <summary>The largest notebook that is read, in bytes.</summary>
    public long Notebook { get; init; } = 20L << 20;
}
