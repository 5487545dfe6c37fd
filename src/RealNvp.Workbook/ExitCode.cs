namespace RealNvp.Workbook;

/// <summary>What the program's exit codes mean.</summary>
public static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;

    /// <summary>Asks ./workbook to build the program again (for another stack, or a libtorch that has come since) and to rerun the command.</summary>
    public const int Rebuild = 75;
}
