using System.Text.Json.Nodes;
using RealNvp.Workbook.Classroom;
using RealNvp.Workbook.Tests.Execution;
using TorchSharp;

namespace RealNvp.Workbook.Tests.Classroom;

/// <summary>A small checkout with one assignment of four questions, and what students hand in.</summary>
internal sealed class Course : IDisposable
{
    internal const string Right = """
        Tensor Scale(Tensor x, double s)
        {
            return x * Math.Exp(s);
        }

        (Tensor Z, Tensor LogDet) Couple(Tensor x, double s)
        {
            return (x * Math.Exp(s), torch.full(x.shape[0], s * x.shape[1], dtype: x.dtype));
        }
        """;

    // Each job has a user of its own, whose processes are counted: tests that run side by side must not share one.
    private static int _jobs;

    /// <summary>All tests share these processes, as the submissions of a course do; they end with this one.</summary>
    internal static readonly TestProcesses TestProcesses = new();

    private readonly TemporaryFolder _folder = new();

    internal Course(string? source = null)
    {
        _folder.Write("RealNvp.Notebooks.sln", "");
        _folder.Write("notebooks/setup.csx", $"#r \"{typeof(torch).Assembly.Location}\"\n");
        _folder.Write("notebooks/assignments/1-small.ipynb", source ?? Source);
        _folder.Write("data/README.md", "");
        Repository = new Repository(_folder.Path);
        Assignment = Assignment.Find(Repository, "1");
    }

    internal Repository Repository { get; }

    internal Assignment Assignment { get; }

    internal string this[string name] => _folder[name];

    public void Dispose() => _folder.Dispose();

    internal static JsonObject Cell(string id, bool grade, bool solution, double? points, string source, string type = "code")
    {
        var cell = NotebookText.Code(id, source);
        if (type != "code")
        {
            cell["cell_type"] = type;
            cell.Remove("outputs");
            cell.Remove("execution_count");
        }
        var data = new JsonObject
        {
            ["schema_version"] = 3,
            ["grade"] = grade,
            ["solution"] = solution,
            ["locked"] = !solution,
            ["task"] = false,
            ["grade_id"] = id
        };
        if (points is { } p) data["points"] = p;
        cell["metadata"] = new JsonObject { ["nbgrader"] = data };
        return cell;
    }

    private static string Source => NotebookText.Of(
    [
        Cell("setup", false, false, null, "#!import \"setup.csx\"\nusing TorchSharp;\nusing static TorchSharp.torch;"),
        Cell("answer", false, true, null, """
            Tensor Scale(Tensor x, double s)
            {
                // BEGIN SOLUTION
                return x * Math.Exp(s);
                // END SOLUTION
            }

            (Tensor Z, Tensor LogDet) Couple(Tensor x, double s)
            {
                // BEGIN SOLUTION
                return (x * Math.Exp(s), torch.full(x.shape[0], s * x.shape[1], dtype: x.dtype));
                // END SOLUTION
            }
            """),
        Cell("scale", true, false, 2, """
            var one = torch.ones(2, 3, dtype: float64);
            var scaled = Scale(one, 1);
            if (!scaled.allclose(torch.full(2, 3, Math.E, dtype: float64))) throw new Exception("expected e in every place: multiply by exp(s)");
            // BEGIN HIDDEN TESTS
            if (!one.equal(torch.ones(2, 3, dtype: float64)).all().ToBoolean()) throw new Exception("x itself was changed");
            // END HIDDEN TESTS
            """),
        Cell("logdet", true, false, 3, """
            var (z, logDet) = Couple(torch.randn(4, 3, dtype: float64), 0.5);
            if (!logDet.allclose(torch.full(4, 1.5, dtype: float64))) throw new Exception($"expected 1.5, got {logDet[0].ToDouble()}");
            """),
        Cell("part", true, false, 2, "Scale(torch.zeros(1), 3).item<float>() == 0 ? 0.5 : 0"),
        Cell("words", true, true, 4, "Because it is triangular.", "markdown"),
    ]);

    /// <summary>The released notebook with cells replaced by id; null takes a cell away.</summary>
    internal string Notebook(params (string Id, string? Source)[] changes)
    {
        var root = Assignment.ToRelease();
        foreach (var (id, source) in changes)
        {
            var cell = root["cells"]!.AsArray().First(c => (string)c!["id"]! == id)!;
            if (source is null) root["cells"]!.AsArray().Remove(cell);
            else cell["source"] = source;
        }
        return root.ToJsonString();
    }

    internal string Write(string name, string text) => _folder.Write(name, text);

    internal string Folder => _folder.Path;

    internal Submission Submit(string student, string notebook) =>
        new(student, _folder.Write($"submitted/{student}.ipynb", notebook));

    internal Submission Answer(string student, string answer) => Submit(student, Notebook(("answer", answer)));

    internal Task<GradingResult> GradeAsync(Submission submission, GradingLimits? limits = null, bool enclosed = true) =>
        new Grader(Repository, Assignment, limits ?? new GradingLimits(), TestProcesses, _folder["work"], enclosed)
            .GradeAsync(submission, Interlocked.Increment(ref _jobs), CancellationToken.None);
}
