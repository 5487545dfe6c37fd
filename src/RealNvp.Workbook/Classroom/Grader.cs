using System.Diagnostics;
using System.Globalization;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Classroom;

/// <summary>
/// Grades submissions of an assignment. Each runs in two processes: the student's cells in an enclosed one, the tests in another that knows the student's
/// functions by name only and calls them across. What student code does to its own process can change what its functions return, and nothing else.
/// </summary>
internal sealed class Grader(Repository repository, Assignment assignment, GradingLimits limits, Referees referees, bool enclosed = true)
{
    /// <summary>Grades one submission; whatever it does is its own result.</summary>
    /// <param name="submission">The submission.</param>
    /// <param name="job">The number of the place that it runs in, from 0: no two at a time have the same.</param>
    /// <param name="cancel">Stops the grading.</param>
    internal async Task<Attempt> GradeAsync(Submission submission, int job, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        var (content, reason) = submission.Read(limits.Notebook);
        var hash = Submission.Hash(content);
        if (content is null) return Nothing(submission.Student, hash, reason!, watch);
        GradingPlan plan;
        try
        {
            plan = GradingPlan.Of(assignment, NotebookFile.Parse(submission.Path, System.Text.Encoding.UTF8.GetString(content)));
        }
        catch (Exception e) when (e is UserException or InvalidOperationException)
        {
            return Nothing(submission.Student, hash, $"no notebook that can be graded: {e.Message.Replace(submission.Path + ": ", "", StringComparison.Ordinal)}", watch);
        }
        using var folder = new JobFolder(repository);
        var run = new GradingRun(plan, limits, referees);
        var sandbox = enclosed ? new Sandbox(repository, limits).Launch(folder.Path, job) : new CellLaunch { SpeechLimit = limits.Speech };
        var (scores, stopped, notes) = await run.RunAsync(folder.Path, sandbox, cancel).ConfigureAwait(false);
        return new Attempt(submission.Student, hash, stopped, scores, [.. plan.Notes, .. notes], watch.Elapsed.TotalSeconds);
    }

    private Attempt Nothing(string student, string hash, string reason, Stopwatch watch) =>
        new(student, hash, reason, [.. assignment.Questions.Select(q => new Score(q.Id, 0, q.Points, reason))], [], watch.Elapsed.TotalSeconds);

    /// <summary>The folder that a submission sees as its own: setup.csx and nothing else.</summary>
    private sealed class JobFolder : IDisposable
    {
        internal JobFolder(Repository repository)
        {
            Path = Directory.CreateTempSubdirectory("workbook-grading-").FullName;
            // Others must be able to look into it: the submission runs as another user.
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
            if (!File.Exists(repository.SetupScript)) throw new UserException($"{repository.SetupScript} is missing; run ./workbook setup");
            File.Copy(repository.SetupScript, System.IO.Path.Combine(Path, "setup.csx"));
        }

        internal string Path { get; }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}

/// <summary>One submission's run through its plan.</summary>
internal sealed class GradingRun(GradingPlan plan, GradingLimits limits, Referees referees)
{
    private readonly Stopwatch _watch = new();
    private readonly List<Score> _scores = [];
    private readonly List<string> _notes = [];

    internal async Task<(IReadOnlyList<Score>, string? Stopped, IReadOnlyList<string> Notes)> RunAsync(string folder, CellLaunch enclosure, CancellationToken cancel)
    {
        _watch.Start();
        var environment = new Dictionary<string, string?> { ["WORKBOOK_BUDGET"] = "quick" };
        await using var student = CellSession.Start(folder, environment, enclosure);
        await using var referee = await referees.TakeAsync(folder, cancel).ConfigureAwait(false);
        using var memory = new MemoryWatch(student.ProcessId, limits.Memory, () => student.End($"the notebook held more than {limits.Memory >> 20} MB of memory"));
        foreach (var (number, step) in plan.Steps.Index()) await RunAsync(number + 1, step, student, referee.Session, cancel).ConfigureAwait(false);
        return (_scores, student.Ended, _notes);
    }

    private async Task RunAsync(int number, GradingStep step, CellSession student, CellSession referee, CancellationToken cancel)
    {
        var isCode = step.Cell?.Cell.IsCode ?? true;
        switch (step.Role)
        {
            case CellRole.Test:
                _scores.Add(await TestAsync(number, step, student, referee, cancel).ConfigureAwait(false));
                return;
            case CellRole.Manual or CellRole.Task:
                _scores.Add(new Score(step.Cell!.Id, null, step.Cell.Points, step.Code));
                break;
        }
        if (!isCode || step.Code.Trim().Length == 0) return;
        if (step.Role == CellRole.ReadOnly && !step.Cell!.Cell.HasTag(Assignment.AnswersOnlyTag))
            await PrepareAsync(number, step.Code, referee, student, cancel).ConfigureAwait(false);
        if (step.Role == CellRole.Answer)
            await PrepareAsync(number, Contract.StandIns(Assignment.Released(step.Cell!)), referee, student, cancel).ConfigureAwait(false);
        if (student.Ended is not null) return;
        var report = await student.RunAsync(number, step.Code, Limit(), null, cancel).ConfigureAwait(false);
        if (report.Failure is { } failure) _notes.Add($"{Name(step)} failed: {Line(failure)}{failure.Message}");
    }

    private async Task PrepareAsync(int number, string code, CellSession referee, CellSession student, CancellationToken cancel)
    {
        // What prepares the tests is the assignment's own: it may take its time on a machine that is busy.
        var report = await referee.RunAsync(number, code, limits.Submission, ask => student.AskAsync(ask, Limit(), cancel), cancel).ConfigureAwait(false);
        if (report.Failure is { } failure) _notes.Add($"the assignment's own cell failed beside the tests: {failure.Message}");
    }

    private async Task<Score> TestAsync(int number, GradingStep step, CellSession student, CellSession referee, CancellationToken cancel)
    {
        var (id, most) = (step.Cell!.Id, step.Cell.Points);
        // The tests' own time is the assignment's affair; a call to the student's code has the student's limit.
        var report = await referee.RunAsync(number, step.Code, limits.Submission + limits.Cell, ask => student.AskAsync(ask, Limit(), cancel), cancel).ConfigureAwait(false);
        if (report.Failure is { } failure) return new Score(id, 0, most, failure.Message);
        return double.TryParse(report.Result, NumberStyles.Float, CultureInfo.InvariantCulture, out var part) && part < most
            ? new Score(id, Math.Max(0, part), most, report.Output.Trim())
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
