using System.Globalization;

namespace RealNvp.Workbook.Classroom;

/// <summary>Grades as CSV (RFC 4180): a line a student and assignment, a column a question.</summary>
internal static class GradeTable
{
    internal static void Write(TextWriter writer, string assignment, IReadOnlyList<Grades> all)
    {
        string[] questions = [.. all.SelectMany(g => g.Questions).Select(q => q.Question).Distinct()];
        writer.Write(Line(["student", "assignment", "graded", "attempts", "points", "most", .. questions, "stopped"]));
        foreach (var g in all)
        {
            var points = g.Questions.ToDictionary(q => q.Question, q => q.Points);
            writer.Write(Line([g.Student, assignment, g.Graded.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
                Number(g.Attempts), Number(g.Points), Number(g.Most),
                .. questions.Select(q => points.GetValueOrDefault(q) is { } p ? Number(p) : ""), g.Stopped ?? ""]));
        }
    }

    private static string Line(IEnumerable<string> fields) => string.Join(',', fields.Select(Field)) + "\r\n";

    private static string Field(string text)
    {
        // A spreadsheet takes these for a formula, and a student's name or message is not ours to trust.
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@'
            && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)) text = "'" + text;
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
