using System.Globalization;
using System.Net;
using System.Text;

namespace RealNvp.Workbook.Classroom;

/// <summary>What a student gets back: one HTML page with the points of every question, and why points are missing.</summary>
internal static class Feedback
{
    private const string Style = """
        :root { color-scheme: light dark; --line: #8884; --good: #0072b2; --bad: #b8460e; }
        body { font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; } table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .5rem; border-bottom: 1px solid var(--line); }
        td.points { white-space: nowrap; font-variant-numeric: tabular-nums; } .full { color: var(--good); } .missing { color: var(--bad); }
        pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .25rem 0; font-size: .875rem; } .comment { border-left: 3px solid var(--good); padding-left: .75rem; }
        """;

    /// <summary>Writes STUDENT/ASSIGNMENT.html for every student; a page is whole or the old one.</summary>
    /// <returns>How many.</returns>
    internal static int Write(string folder, string assignment, IReadOnlyList<Grades> all)
    {
        foreach (var grades in all)
        {
            var path = Path.Combine(folder, grades.Student, assignment + ".html");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Page(assignment, grades))));
        }
        return all.Count;
    }

    internal static string Page(string assignment, Grades grades)
    {
        var page = new StringBuilder().Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Text(assignment)}: {Text(grades.Student)}</title><style>{Style}</style></head><body>
            <h1>{Text(assignment)}: {Text(grades.Student)}</h1>
            <p><strong>{Number(grades.Points)} of {Number(grades.Most)} points</strong>{(grades.Questions.Any(q => q.Points is null) ? ", and what is still to be read by your teacher" : "")}. Graded {grades.Graded:yyyy-MM-dd HH:mm} UTC.</p>

            """);
        if (grades.Stopped is { } stopped)
            page.Append(CultureInfo.InvariantCulture,
                $"<p class=\"missing\">Your notebook did not run to its end: {Text(stopped)}.</p>\n");
        page.Append("<table><thead><tr><th scope=\"col\">Question</th><th scope=\"col\">Points</th><th scope=\"col\">What to "
            + "look at</th></tr></thead><tbody>\n");
        foreach (var question in grades.Questions) page.Append(Row(question));
        page.Append("</tbody></table>\n");
        if (grades.Notes.Count > 0)
            page.Append("<h2>Notes</h2><ul>").AppendJoin("", grades.Notes.Select(note => $"<li>{Text(note)}</li>"))
                .Append("</ul>\n");
        return page.Append("</body></html>\n").ToString();
    }

    private static string Row(QuestionGrade question)
    {
        var kind = question.Points is not { } points ? "" : points < question.Most ? "missing" : "full";
        // An answer in words is known to the one who wrote it; a test's message is news.
        var message = question.Points is null ? "<p>Your teacher grades this one.</p>" : question.Message is { } text
            && question.Points < question.Most ? $"<pre>{Text(text)}</pre>" : "";
        var comment = question.Comment is { Length: > 0 } said ? $"<p class=\"comment\">{Text(said)}</p>" : "";
        return $"<tr><td>{Text(question.Question)}</td><td class=\"points "
            + $"{kind}\">{(question.Points is { } p ? Number(p) : "–")} of "
            + $"{Number(question.Most)}</td><td>{message}{comment}</td></tr>\n";
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
