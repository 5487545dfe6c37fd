using System.Text.Json.Nodes;
using RealNvp.Workbook.Classroom;

namespace RealNvp.Workbook.Tests.Classroom;

public sealed class GraderTests : IDisposable
{
    private readonly Course _course = new();

    public void Dispose() => _course.Dispose();

    private static double?[] Points(GradingResult attempt) => [.. attempt.Scores.Select(s => s.Points)];

    private void Enclosed()
    {
        if (Sandbox.Problem(_course.Repository) is { } problem) Assert.Skip(problem);
    }

    [Fact]
    public async Task A_right_answer_gets_every_point_that_tests_give()
    {
        Enclosed();
        var attempt = await _course.GradeAsync(_course.Answer("ada", Course.Right));
        Assert.True(attempt.Stopped is null, attempt.Stopped);
        Assert.Empty(attempt.Notes);
        Assert.All(attempt.Scores.Take(2), s => Assert.Null(s.Message));
        Assert.Equal([2, 3, 0.5, null], Points(attempt));
        Assert.Equal("*Your answer here.*", attempt.Scores[3].Message);
    }

    [Fact]
    public async Task What_was_handed_out_gets_nothing_and_says_so()
    {
        Enclosed();
        var attempt = await _course.GradeAsync(_course.Submit("ben", _course.Notebook()));
        Assert.Null(attempt.Stopped);
        Assert.Equal([0, 0, 0, null], Points(attempt));
        Assert.Contains("Scale threw InvalidOperationException: not answered yet", attempt.Scores[0].Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s * x.shape[1]", "-s * x.shape[1]", new[] { 2, 0, 0.5 }, "expected 1.5, got -1.5")]
    [InlineData("return x * Math.Exp(s);", "return x.mul_(Math.Exp(s));", new[] { 0, 3, 0.5 }, "Scale changed its argument 1 of 2")]
    [InlineData("torch.full(x.shape[0]", "torch.full(x.shape[0] + 1", new[] { 2, 0, 0.5 }, "")]
    [InlineData("torch.full(x.shape[0], s * x.shape[1]", "torch.full(x.shape[0], double.NaN", new[] { 2, 0, 0.5 }, "got NaN")]
    [InlineData("double s)\n{\n    return (x", "float s)\n{\n    return (x", new[] { 2, 0, 0.5 }, "Couple is not there as a")]
    [InlineData("return x * Math.Exp(s);", "return x * Math.Exp(s)", new[] { 0, 0, 0.0 }, "Scale is not there")]
    public async Task A_mistake_costs_the_points_that_test_for_it(string right, string wrong, double[] points, string message)
    {
        Enclosed();
        Assert.Contains(right, Course.Right, StringComparison.Ordinal);
        var attempt = await _course.GradeAsync(
            _course.Answer("cleo", Course.Right.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.Equal([.. points.Cast<double>().Select(p => (double?)p), null], Points(attempt));
        Assert.Contains(attempt.Scores, s => s.Points < s.Most && s.Message!.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Changed_deleted_moved_and_doubled_cells_are_put_right_and_noted()
    {
        Enclosed();
        var root = JsonNode.Parse(
            _course.Notebook(("answer", Course.Right), ("scale", "Console.WriteLine(\"2 of 2\");"), ("logdet", null)))!;
        var cells = root["cells"]!.AsArray();
        var answer = cells[1]!;
        cells.RemoveAt(1);
        cells.Add(answer);
        cells.Add(cells[0]!.DeepClone());
        var attempt = await _course.GradeAsync(_course.Submit("dora", root.ToJsonString()));
        Assert.Equal([2, 3, 0.5, null], Points(attempt));
        Assert.Contains(attempt.Notes, n => n.Contains("scale was changed", StringComparison.Ordinal));
        Assert.Contains(attempt.Notes, n => n.Contains("logdet is missing", StringComparison.Ordinal));
        Assert.Contains(attempt.Notes, n => n.Contains("answer was moved", StringComparison.Ordinal));
        Assert.Contains(attempt.Notes, n => n.Contains("setup is there more than once", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cell_of_ones_own_runs_where_it_stands()
    {
        Enclosed();
        var root = JsonNode.Parse(
            _course.Notebook(("answer", Course.Right.Replace("Math.Exp(s)", "E(s)", StringComparison.Ordinal))))!;
        root["cells"]!.AsArray().Insert(1, Execution.NotebookText.Code("own", "double E(double s) => Math.Exp(s);"));
        var attempt = await _course.GradeAsync(_course.Submit("eve", root.ToJsonString()));
        Assert.Equal([2, 3, 0.5, null], Points(attempt));
    }

    [Theory]
    [InlineData("not JSON", "no notebook that can be graded")]
    [InlineData("{}", "no notebook that can be graded")]
    [InlineData("{\"cells\": [1], \"nbformat\": 4, \"metadata\": {}}", "no notebook that can be graded")]
    [InlineData("", "no notebook that can be graded")]
    public async Task What_is_no_notebook_gets_nothing_with_a_reason(string content, string reason)
    {
        var attempt = await _course.GradeAsync(_course.Submit("finn", content));
        Assert.Equal(0, attempt.Points);
        Assert.Contains(reason, attempt.Stopped, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_notebook_that_is_too_large_or_a_link_is_not_read()
    {
        var large = _course.Submit("gil", new string(' ', 2_000_000));
        Assert.Contains("at most 1 MB", (await _course.GradeAsync(large, new GradingLimits { Notebook = 1 << 20 })).Stopped,
            StringComparison.Ordinal);
        File.CreateSymbolicLink(_course["submitted/hal.ipynb"], large.Path);
        Assert.Contains("a link", (await _course.GradeAsync(new Submission("hal", _course["submitted/hal.ipynb"]))).Stopped,
            StringComparison.Ordinal);
    }
}
