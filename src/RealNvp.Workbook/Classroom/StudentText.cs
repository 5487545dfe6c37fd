namespace RealNvp.Workbook.Classroom;

/// <summary>
/// Text that student code made, as it is kept and shown to the teacher: not longer than it is worth, and without what a terminal
/// would act on.
/// </summary>
internal static class StudentText
{
    /// <summary>The most characters of a message.</summary>
    internal const int Message = 2000;

    /// <summary>The most of an answer that the teacher reads.</summary>
    internal const int Answer = 100_000;

    internal static string Of(string text, int most = Message)
    {
        var kept = text.Length <= most ? text : $"{text[..most]}... ({text.Length - most} more characters)";
        return Shown.Lines(kept.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\t", "    ", StringComparison.Ordinal));
    }
}
