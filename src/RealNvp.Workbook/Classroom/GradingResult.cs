namespace RealNvp.Workbook.Classroom;

/// <summary>What a question brought.</summary>
/// <param name="Question">The cell's grade_id.</param>
/// <param name="Points">Null where the teacher has to grade it.</param>
/// <param name="Most">The most that it brings.</param>
/// <param name="Message">Why points are missing, or what was answered where the teacher grades.</param>
internal sealed record Score(string Question, double? Points, double Most, string? Message);

/// <summary>One grading of one submission.</summary>
/// <param name="Student">Whose.</param>
/// <param name="Hash">SHA-256 of the notebook; empty where there is none.</param>
/// <param name="Stopped">Why the submission did not run to its end, or null.</param>
/// <param name="Scores">One for each question, in the assignment's order.</param>
/// <param name="Notes">What was restored, and which of the student's cells failed.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record GradingResult(string Student, string Hash, string? Stopped, IReadOnlyList<Score> Scores,
    IReadOnlyList<string> Notes, double Seconds)
{
    internal double Points => Scores.Sum(s => s.Points ?? 0);

    internal double Most => Scores.Sum(s => s.Most);
}
