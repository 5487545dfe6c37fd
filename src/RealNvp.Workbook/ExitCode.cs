namespace RealNvp.Workbook;

/// <summary>What the program's exit codes mean.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;
}
