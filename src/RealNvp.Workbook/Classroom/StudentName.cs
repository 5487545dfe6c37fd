using System.Text.RegularExpressions;

namespace RealNvp.Workbook.Classroom;

/// <summary>A student's name, as the name of a file or a folder says it.</summary>
internal static partial class StudentName
{
    private const int Longest = 100;
    private const string Letters = @"\p{L}\p{Nd}", Marks = @"\p{M}\p{N}\p{P}\p{Sc}+^`~=", Forbidden = """/\\:*?"<>|""";

    /// <summary>
    /// The name, with plain blanks for every kind of them; null where it will not do as a name of files on every system, or in a
    /// terminal.
    /// </summary>
    internal static string? Of(string fileName)
    {
        if (fileName.Any(char.IsSurrogate)) return null;
        var name = Blanks().Replace(fileName, " ").Trim();
        return name.Length <= Longest && Pattern().IsMatch(name) ? name : null;
    }

    [GeneratedRegex(@"[\p{Zs}\t]+")]
    private static partial Regex Blanks();

    [GeneratedRegex("^[" + Letters + "_@+(-](?:[" + Letters + Marks + " -[" + Forbidden + "]]*[" + Letters + Marks + "-["
        + Forbidden + ".]])?$")]
    private static partial Regex Pattern();
}
