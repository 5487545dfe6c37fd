using System.Text.RegularExpressions;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Lint;

/// <summary>
/// Exercises and their worked solutions: each chapter with exercises has a notebook of its name in solutions/, which solves all
/// of them and asserts it.
/// </summary>
internal static partial class Solutions
{
    /// <summary>The number of an exercise that only shows how exercises work.</summary>
    private const string Shown = "0";

    internal static IEnumerable<Finding> Check(IReadOnlyList<NotebookFile> chapters, IReadOnlyList<NotebookFile> solutions)
    {
        var byName = solutions.ToDictionary(notebook => Path.GetFileName(notebook.Path), StringComparer.Ordinal);
        foreach (var chapter in chapters)
        {
            var name = Path.GetFileName(chapter.Path);
            var exercises = chapter.Cells.Where(cell => cell.IsCode).SelectMany(cell => Assertions.ExercisesOf(cell.Source))
                .Distinct().Where(exercise => exercise != Shown).ToList();
            if (byName.Remove(name, out var worked))
            {
                var solved = worked.Cells.Where(cell => cell.Type == "markdown").SelectMany(cell => Number().Matches(cell.Source))
                    .Select(match => match.Groups[1].Value).ToHashSet();
                foreach (var exercise in exercises.Where(exercise => !solved.Contains(exercise.TrimEnd('a', 'b', 'c', 'd', 'e'))))
                    yield return new Finding(worked.Path, 0,
                        $"exercise {exercise} of the chapter has no solution here; its text begins with **{exercise}.**");
                if (exercises.Count > 0 && !worked.Cells.Any(cell => cell.IsCode && Assertions.Of(cell.Source).Count > 0))
                    yield return new Finding(worked.Path, 0,
                        "worked solutions assert themselves with Check, these assert nothing");
            }
            else if (exercises.Count > 0)
                yield return new Finding(chapter.Path, 0,
                    $"the chapter has exercises, and there is no notebook solutions/{name} with worked solutions");
        }
        foreach (var left in byName.Values)
            yield return new Finding(left.Path, 0, "these are worked solutions of no chapter: there is none of that name");
    }

    // **3.** at the start of a text, or a heading "Exercise 3".
    [GeneratedRegex(@"^(?:\*\*|#+ *(?:Exercise )?)(\d+)\b", RegexOptions.Multiline)]
    private static partial Regex Number();
}
