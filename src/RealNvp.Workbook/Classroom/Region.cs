namespace RealNvp.Workbook.Classroom;

/// <summary>The lines between a BEGIN and an END mark, as nbgrader delimits solutions and hidden tests.</summary>
internal static class Region
{
    internal const string Solution = "SOLUTION";
    internal const string HiddenTests = "HIDDEN TESTS";

    internal static bool IsIn(string source, string name) =>
        source.Contains($"BEGIN {name}", StringComparison.Ordinal) || source.Contains($"END {name}", StringComparison.Ordinal);

    /// <summary>
    /// The source with each region replaced by the lines of <paramref name="stub"/>, indented as the region was.
    /// </summary>
    /// <exception cref="FormatException">A region does not end, ends before it begins, or begins twice.</exception>
    internal static string Replace(string source, string name, IReadOnlyList<string> stub)
    {
        List<string> lines = [];
        int? begun = null;
        foreach (var (number, line) in source.Split('\n').Index())
        {
            if (line.Contains($"BEGIN {name}", StringComparison.Ordinal))
            {
                if (begun is { } first)
                    throw new FormatException(
                        $"line {number + 1}: BEGIN {name} inside the region that began in line {first + 1}");
                begun = number;
                var indent = line[..^line.TrimStart().Length];
                lines.AddRange(stub.Select(s => indent + s));
            }
            else if (line.Contains($"END {name}", StringComparison.Ordinal))
            {
                if (begun is null) throw new FormatException($"line {number + 1}: END {name} without a BEGIN");
                begun = null;
            }
            else if (begun is null)
            {
                lines.Add(line);
            }
        }
        return begun is { } open ? throw new FormatException($"line {open + 1}: BEGIN {name} without an END")
            : string.Join('\n', lines);
    }
}
