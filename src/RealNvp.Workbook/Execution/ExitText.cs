namespace RealNvp.Workbook.Execution;

/// <summary>How a process ended, by its exit code.</summary>
internal static class ExitText
{
    internal static string Of(int code) =>
        Name(code) is { } name ? $"ended by {name}" : code < 0 ? $"exit code 0x{code:X8}" : $"exit code {code}";

    /// <summary>A signal on Unix, where the exit code is 128 more; a status on Windows.</summary>
    private static string? Name(int code) => code switch
    {
        128 + 4 => "SIGILL",
        128 + 6 => "SIGABRT",
        128 + 7 => "SIGBUS",
        128 + 8 => "SIGFPE",
        128 + 9 => "SIGKILL (out of memory?)",
        128 + 11 => "SIGSEGV",
        128 + 15 => "SIGTERM",
        unchecked((int)0xC0000005) => "an access violation",
        unchecked((int)0xC00000FD) => "a stack overflow",
        unchecked((int)0xC0000409) => "an abort",
        _ => null,
    };
}
