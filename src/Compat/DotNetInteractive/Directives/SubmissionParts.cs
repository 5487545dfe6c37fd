namespace Microsoft.DotNet.Interactive.Directives;

/// <summary>A stretch of C#, or a directive; code is padded with empty lines so that its line numbers are the cell's.</summary>
internal sealed record SubmissionPart(string Code, DirectiveLine? Directive, int Line)
{
    /// <summary>
    /// The parts of a cell in the order in which they run: packages first, wherever they stand, then code and directives as written.
    /// </summary>
    internal static IReadOnlyList<SubmissionPart> Split(string code, Func<string, bool> takesRest)
    {
        var lines = code.ReplaceLineEndings("\n").Split('\n');
        var packages = new List<SubmissionPart>();
        var parts = new List<SubmissionPart>();
        var first = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            if (!DirectiveLine.TryParse(lines[i], out var directive)) continue;
            if (directive.Name is "#r" or "#i")
            {
                packages.Add(new SubmissionPart("", directive, i));
                lines[i] = "";
                continue;
            }
            AddCode(i);
            if (takesRest(directive.Name))
            {
                parts.Add(new SubmissionPart(string.Join('\n', lines[(i + 1)..]), directive, i));
                return [.. packages, .. parts];
            }
            parts.Add(new SubmissionPart("", directive, i));
            first = i + 1;
        }
        AddCode(lines.Length);
        return [.. packages, .. parts];

        void AddCode(int end)
        {
            if (lines[first..end].All(string.IsNullOrWhiteSpace)) return;
            parts.Add(new SubmissionPart(new string('\n', first) + string.Join('\n', lines[first..end]), null, first));
        }
    }
}
