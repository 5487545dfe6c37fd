namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>A value in one short line.</summary>
internal static class ValueSummary
{
    private const int Longest = 100;

    internal static string Of(object? value)
    {
        var text = value.ToDisplayString();
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= Longest ? line : line[..(Longest - 3)] + "...";
    }
}
