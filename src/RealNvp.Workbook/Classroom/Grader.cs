using System.Diagnostics;
using System.Globalization;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Classroom;

/// <summary>
/// Grades submissions of an assignment. Each runs in two processes: the student's cells in an enclosed one, the tests in another
/// that knows the student's functions by name only and calls them across. What student code does to its own process can change
/// what its functions return, and nothing else.
/// </summary>
/// <param name="repository">The checkout.</param>
/// <param name="assignment">What is graded.</param>
/// <param name="limits">What a submission may use.</param>
/// <param name="testProcesses">Where tests run.</param>
/// <param name="work">A folder for the time of the grading; what killed graders left in it is deleted.</param>
/// <param name="enclosed">Whether student code is enclosed.</param>
internal sealed class Grader(Repository repository, Assignment assignment, GradingLimits limits, TestProcesses testProcesses,
    string work, bool enclosed = true)
{
    private const int MostNotes = 100;

    /// <summary>Grades one submission; whatever it does is its own result.</summary>
    /// <param name="submission">The submission.</param>
    /// <param name="job">The number of the place that it runs in, from 0: no two at a time have the same.</param>
    /// <param name="cancel">Stops the grading.</param>
    internal async Task<GradingResult> GradeAsync(Submission submission, int job, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        var (content, reason) = submission.Read(limits.Notebook);
        var hash = Submission.Hash(content);
        if (content is null) return Nothing(submission.Student, hash, reason!, watch);
        GradingPlan plan;
        try
        {
            plan = GradingPlan.Of(assignment, NotebookFile.Parse(submission.Path, content));
        }
        catch (Exception e) when (e is UserException or InvalidOperationException)
        {
            return Nothing(submission.Student, hash,
                $"no notebook that can be graded: {e.Message.Replace(submission.Path + ": ", "", StringComparison.Ordinal)}",
                watch);
        }
        using var folder = new JobFolder(work, repository);
        using var group = enclosed ? MemoryGroup.Create(limits.Memory, limits.Tasks) : null;
        var run = new GradingRun(plan, limits, testProcesses, group);
        var sandbox = enclosed ? new Sandbox(repository, limits).Launch(folder, job, group)
            : new CellLaunch { SpeechLimit = limits.Speech, MessageLimit = limits.Message };
        var (scores, stopped, notes) = await run.RunAsync(folder.Path, sandbox, cancel).ConfigureAwait(false);
        return new GradingResult(submission.Student, hash, stopped is null ? null : StudentText.Of(stopped), scores,
            Short([.. submission.Notes, .. plan.Notes, .. notes]), watch.Elapsed.TotalSeconds);
    }

    /// <summary>What is noted of a submission that broke the grader itself.</summary>
    internal GradingResult Broken(Submission submission, Exception e) => Nothing(submission.Student, "",
        $"the grader could not grade it: {e.GetType().Name}: {e.Message}", Stopwatch.StartNew());

    /// <summary>Deletes what graders that were killed left.</summary>
    internal static void Sweep(string work)
    {
        JobFolder.Sweep(work);
        MemoryGroup.Sweep();
    }

    private static IReadOnlyList<string> Short(IReadOnlyList<string> notes) =>
        [.. notes.Take(MostNotes).Select(note => StudentText.Of(note)),
            .. notes.Count > MostNotes ? (string[])[$"and {notes.Count - MostNotes} more notes"] : []];

    private GradingResult Nothing(string student, string hash, string reason, Stopwatch watch)
    {
        var why = StudentText.Of(reason);
        return new(student, hash, why, [.. assignment.Questions.Select(q => new Score(q.Id, 0, q.Points, why))], [],
            watch.Elapsed.TotalSeconds);
    }
}

/// <summary>One submission's run through its plan.</summary>
internal sealed class GradingRun(GradingPlan plan, GradingLimits limits, TestProcesses testProcesses, MemoryGroup? group)
{
    private readonly Stopwatch _watch = new();
    private readonly List<Score> _scores = [];
    private readonly List<string> _notes = [];

    internal async Task<(IReadOnlyList<Score>, string? Stopped, IReadOnlyList<string> Notes)> RunAsync(string folder,
        CellLaunch enclosure, CancellationToken cancel)
    {
        _watch.Start();
        var environment = new Dictionary<string, string?> { ["WORKBOOK_BUDGET"] = "quick" };
        await using var student = CellSession.Start(folder, environment, enclosure);
        await using var tests = await testProcesses.TakeAsync(folder, cancel).ConfigureAwait(false);
        var tooMuch = $"the notebook held more than {limits.Memory >> 20} MB of memory";
        using var memory = new MemoryWatch(student.ProcessId, limits.Memory, () => student.End(tooMuch));
        foreach (var (number, step) in plan.Steps.Index())
            await RunAsync(number + 1, step, student, tests.Session, cancel).ConfigureAwait(false);
        return (_scores, student.Ended is not null && group?.RanOut == true ? tooMuch : student.Ended, _notes);
    }

    private async Task RunAsync(int number, GradingStep step, CellSession student, CellSession tests, CancellationToken cancel)
    {
        var isCode = step.Cell?.Cell.IsCode ?? true;
        switch (step.Role)
        {
            case CellRole.Test:
                _scores.Add(await TestAsync(number, step, student, tests, cancel).ConfigureAwait(false));
                return;
            case CellRole.Manual or CellRole.Task:
                _scores.Add(new Score(step.Cell!.Id, null, step.Cell.Points, StudentText.Of(step.Code, StudentText.Answer)));
                break;
        }
        if (!isCode || step.Code.Trim().Length == 0) return;
        if (step.Role == CellRole.ReadOnly && !step.Cell!.Cell.HasTag(Assignment.AnswersOnlyTag))
            await PrepareAsync(number, step.Code, tests, student, cancel).ConfigureAwait(false);
        if (step.Role == CellRole.Answer)
            await PrepareAsync(number, AnswerFunctions.StandIns(Assignment.Released(step.Cell!)), tests, student, cancel)
                .ConfigureAwait(false);
        if (student.Ended is not null) return;
        var report = await student.RunAsync(number, step.Code, Limit(), null, cancel).ConfigureAwait(false);
        if (report.Failure is { } failure) _notes.Add($"{Name(step)} failed: {Line(failure)}{failure.Message}");
    }

    private async Task PrepareAsync(int number, string code, CellSession tests, CellSession student, CancellationToken cancel)
    {
        // What prepares the tests is the assignment's own: it may take its time on a machine that is busy.
        var report = await tests.RunAsync(number, code, limits.Submission, ask =>
            student.AskAsync(ask, Limit(), cancel), cancel).ConfigureAwait(false);
        if (report.Failure is { } failure) _notes.Add($"the assignment's own cell failed beside the tests: {failure.Message}");
    }

    private async Task<Score> TestAsync(int number, GradingStep step, CellSession student, CellSession tests,
        CancellationToken cancel)
    {
        var (id, most) = (step.Cell!.Id, step.Cell.Points);
        // The tests' own time is the assignment's affair; a call to the student's code has the student's limit.
        var report = await tests.RunAsync(number, step.Code, limits.Submission + limits.Cell, ask =>
            student.AskAsync(ask, Limit(), cancel), cancel).ConfigureAwait(false);
        if (report.Failure is { } failure) return new Score(id, 0, most, StudentText.Of(failure.Message));
        return double.TryParse(report.Result, NumberStyles.Float, CultureInfo.InvariantCulture, out var part) && part < most
            ? new Score(id, Math.Max(0, part), most, StudentText.Of(report.Output.Trim()))
            : new Score(id, most, most, null);
    }

    /// <summary>A cell's limit, or what is left of the submission's.</summary>
    private TimeSpan Limit()
    {
        var left = limits.Submission - _watch.Elapsed;
        return left < limits.Cell ? left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1) : limits.Cell;
    }

    private static string Name(GradingStep step) => step.Cell is null ? "your own cell" : $"cell {step.Cell.Id}";

    private static string Line(CellFailure failure) => failure.Line is { } line ? $"line {line}: " : "";
}
