using System.CommandLine;
using System.Globalization;
using RealNvp.Workbook.Classroom;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Commands;

/// <summary>`assignment`: hands assignments out, collects, grades, and gives back.</summary>
internal static class AssignmentCommand
{
    internal static Command Build(Func<Func<Repository, Task<int>>, Task<int>> prepared)
    {
        var name = new Argument<string>("name") { Description = "an assignment's number or name, or its notebook's path" };
        var course = new Option<string>("--course")
        {
            Description = "the course's folder: grade book, submissions, feedback",
            DefaultValueFactory = _ => "classroom"
        };
        var command = new Command("assignment", "hand assignments out, collect, grade, give back");

        var list = new Command("list", "the assignments and their points");
        list.SetAction(_ => List(Repository.Find()));

        var to = new Option<string>("--out") { Description = "the folder that the students' version goes to", Required = true };
        var release = new Command("release", "write the students' version: no solutions, no hidden tests") { name, to };
        release.SetAction(parsed => Release(Assignment.Find(Repository.Find(), parsed.GetValue(name)!), parsed.GetValue(to)!));

        var file = new Argument<string>("file") { Description = "a student's notebook" };
        var validate = new Command("validate", "for students: what is missing, and what the visible tests say") { file };
        validate.SetAction((parsed, cancel) =>
            prepared(repository => Validation.RunAsync(repository, parsed.GetValue(file)!, Console.Out, cancel)));

        var folder = new Argument<string>("dir")
        {
            Description = "a folder of submissions named by student: STUDENT.ipynb or STUDENT/NAME.ipynb"
        };
        var which = new Option<string>("--name") { Description = "which assignment", Required = true };
        var collect = new Command("collect", "copy submissions into the course's folder") { folder, which, course };
        collect.SetAction(parsed =>
            Collect(Assignment.Find(Repository.Find(), parsed.GetValue(which)!), parsed.GetValue(folder)!,
            parsed.GetValue(course)!));

        var jobs = new Option<int>("--jobs")
        {
            Description = "how many at once",
            DefaultValueFactory = _ => Math.Max(1, Environment.ProcessorCount / 2)
        };
        jobs.Expect("a whole number of 1 to 64", n => n is >= 1 and <= 64 && double.IsInteger(n));
        var grade = new Command("grade", "grade every submission in a folder, each in an enclosure of its own")
        {
            folder, which, course, jobs,
        };
        grade.SetAction((parsed, cancel) =>
            prepared(repository => GradeAsync(repository, Assignment.Find(repository, parsed.GetValue(which)!),
            parsed.GetValue(folder)!, parsed.GetValue(course)!, parsed.GetValue(jobs), cancel)));

        var student = new Argument<string>("student");
        var question = new Argument<string>("question") { Description = "the cell's grade_id" };
        var points = new Argument<double>("points");
        var comment = new Option<string?>("--comment") { Description = "what the student reads beside the points" };
        var score = new Command("score", "give points by hand; they count in place of the tests'")
        {
            name, student, question, points, comment, course,
        };
        score.SetAction(parsed =>
        {
            Book(parsed.GetValue(course)!)
                .Give(Assignment.Find(Repository.Find(), parsed.GetValue(name)!).Name, parsed.GetValue(student)!,
                parsed.GetValue(question)!, parsed.GetValue(points), parsed.GetValue(comment));
            return ExitCode.Success;
        });

        var answers = new Command("answers", "print the answers that are the teacher's to grade") { name, course };
        answers.SetAction(parsed =>
            Answers(Assignment.Find(Repository.Find(), parsed.GetValue(name)!), Book(parsed.GetValue(course)!)));

        var feedback = new Command("feedback", "write an HTML page for each student") { name, course };
        feedback.SetAction(parsed =>
            WriteFeedback(Assignment.Find(Repository.Find(), parsed.GetValue(name)!).Name, parsed.GetValue(course)!));

        var csv = new Option<string?>("--csv") { Description = "the file; the terminal where none is given" };
        var export = new Command("export", "grades as CSV") { name, course, csv };
        export.SetAction(parsed =>
            Export(Assignment.Find(Repository.Find(), parsed.GetValue(name)!).Name, parsed.GetValue(course)!,
            parsed.GetValue(csv)));

        foreach (var sub in new[] { list, release, validate, collect, grade, score, answers, feedback, export })
            command.Subcommands.Add(sub);
        return command;
    }

    private static int List(Repository repository)
    {
        foreach (var path in Assignment.All(repository))
        {
            var assignment = Assignment.Read(path);
            Console.WriteLine($"{assignment.Name,-40} {assignment.Questions.Count(),2} questions, "
                + $"{assignment.Points.ToString(CultureInfo.InvariantCulture),3} points");
        }
        return ExitCode.Success;
    }

    private static int Release(Assignment assignment, string folder)
    {
        var path = Path.Combine(Path.GetFullPath(folder), assignment.Name + ".ipynb");
        if (path == assignment.Notebook.Path)
            throw new UserException($"{path}: the students' version would overwrite the assignment itself; choose another --out");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        NotebookFile.Write(path, assignment.ToRelease());
        Console.WriteLine($"{path}: {assignment.Questions.Count()} questions, "
            + $"{assignment.Points.ToString(CultureInfo.InvariantCulture)} points");
        return ExitCode.Success;
    }

    private static int Collect(Assignment assignment, string roster, string course)
    {
        var book = Book(course);
        var (fresh, problems) = (0, 0);
        var (submissions, odd) = Roster.In(roster, assignment);
        Tell(odd);
        foreach (var submission in submissions)
        {
            var (content, reason) = submission.Read(new GradingLimits().Notebook);
            if (content is null)
            {
                Console.Error.WriteLine(Shown.Lines($"{submission.Student}: {reason}"));
                problems++;
                continue;
            }
            Tell(submission.Notes.Select(note => $"{submission.Student}: {note}"));
            var target = Path.Combine(course, "submitted", submission.Student, assignment.Name);
            PrivateFolder.Create(Path.Combine(course, "submitted"));
            PrivateFolder.Create(target);
            PrivateFolder.Write(Path.Combine(target, assignment.Name + ".ipynb"), content);
            if (book.Collect(assignment.Name, submission.Student, Submission.Hash(content))) fresh++;
        }
        Console.WriteLine($"{submissions.Count - problems} of {submissions.Count} submissions of {assignment.Name} in "
            + $"{Path.Combine(course, "submitted")}, {fresh} of them new");
        return ExitCode.Success;
    }

    private static async Task<int> GradeAsync(Repository repository, Assignment assignment, string roster, string course,
        int jobs, CancellationToken cancel)
    {
        if (Sandbox.Problem(repository) is { } problem) throw new UserException(problem);
        var ((submissions, odd), book) = (Roster.In(roster, assignment), Book(course));
        Tell(odd);
        var work = Path.Combine(course, "work");
        Grader.Sweep(work);
        await using var testProcesses = new TestProcesses();
        var grader = new Grader(repository, assignment, new GradingLimits(), testProcesses, work);
        using var progress = new CountProgress("graded", submissions.Count);
        await new GradingQueue(grader, jobs).RunAsync(submissions, attempt =>
        {
            book.Add(assignment.Name, attempt);
            var word = attempt.Stopped is { } stopped ? $"  stopped: {stopped.Split('\n')[0]}" : "";
            progress.Add(Shown.Lines($"{attempt.Student,-20} "
                + $"{attempt.Points.ToString("0.##", CultureInfo.InvariantCulture),6} of "
                + $"{attempt.Most.ToString("0.##", CultureInfo.InvariantCulture)}  {attempt.Seconds,5:f1} s{word}"));
        }, cancel);
        return ExitCode.Success;
    }

    private static int Answers(Assignment assignment, GradeBook book)
    {
        var manual = assignment.Questions.Where(q => q.Role != CellRole.Test).Select(q => q.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var grades in book.Newest(assignment.Name))
            foreach (var question in grades.Questions.Where(q => manual.Contains(q.Question)))
                Console.WriteLine(Shown.Lines($"## {grades.Student} · {question.Question} · "
                    + $"{(question.Points is { } p ? $"{p} of {question.Most}" : $"not graded, {question.Most} points")}\n\n{question.Message}\n"));
        return ExitCode.Success;
    }

    private static int WriteFeedback(string assignment, string course)
    {
        var all = Book(course).Newest(assignment);
        if (all.Count == 0) throw new UserException($"{course}: no submission of {assignment} is graded yet");
        var folder = Path.GetFullPath(Path.Combine(course, "feedback"));
        Console.WriteLine($"{Feedback.Write(folder, assignment, all)} pages in {folder}");
        return ExitCode.Success;
    }

    private static int Export(string assignment, string course, string? csv)
    {
        var all = Book(course).Newest(assignment);
        if (csv is null)
        {
            using var table = new StringWriter();
            GradeTable.Write(table, assignment, all);
            Console.Write(Console.IsOutputRedirected ? table.ToString()
                : Shown.Lines(table.ToString().ReplaceLineEndings("\n")));
        }
        else
        {
            AtomicFile.Write(csv, stream =>
            {
                using var writer = new StreamWriter(stream, leaveOpen: true);
                GradeTable.Write(writer, assignment, all);
            });
        }
        return ExitCode.Success;
    }

    private static void Tell(IEnumerable<string> notes)
    {
        foreach (var note in notes) Console.Error.WriteLine(Shown.Lines(note));
    }

    private static GradeBook Book(string course) => GradeBook.Open(Path.Combine(course, "gradebook.db"));
}
