using System.Text.Json.Nodes;
using RealNvp.Workbook.Classroom;
using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Tests.Classroom;

/// <summary>
/// The assignments themselves: their own answers score in full, what is handed out scores nothing, and a typical mistake costs
/// the points that are meant to find it and no others.
/// </summary>
public sealed class MistakeTests : IDisposable
{
    private static readonly string Root = Repository.Find().Root;
    private static int _jobs = 500;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Assignments() =>
        [.. Assignment.All(new Repository(Root)).Select(Path.GetFileNameWithoutExtension).Select(name => name!)];

    [Theory]
    [MemberData(nameof(Assignments))]
    public async Task The_teachers_own_version_scores_in_full(string name)
    {
        var assignment = Find(name);
        var attempt = await GradeAsync(assignment, assignment.Notebook.Root.ToJsonString());
        Assert.True(attempt.Stopped is null, attempt.Stopped);
        Assert.Empty(attempt.Notes);
        Assert.All(attempt.Scores, s =>
            Assert.True(s.Points is null || s.Points == s.Most, $"{s.Question}: {s.Points} of {s.Most}: {s.Message}"));
    }

    [Theory]
    [MemberData(nameof(Assignments))]
    public async Task What_is_handed_out_scores_nothing(string name)
    {
        var assignment = Find(name);
        var attempt = await GradeAsync(assignment, assignment.ToRelease().ToJsonString());
        Assert.True(attempt.Stopped is null, attempt.Stopped);
        Assert.Equal(0, attempt.Points);
    }

    [Theory]
    [InlineData("1", "- Math.Log(Math.Abs(a))", "- Math.Log(a)", "affine-sign")]
    [InlineData("1", " - Math.Log(Math.Abs(a))", "", "affine-mass,affine-sign")]
    [InlineData("1", " + logSlope", "", "curve-mass")]
    [InlineData("1", "abs(x) + log1p(exp(-2 * abs(x))) - Math.Log(2)", "log(cosh(x))", "curve-far")]
    [InlineData("1", "(u.unsqueeze(1) > cdf)", "(u.unsqueeze(1) >= cdf)", "steps-edges")]
    [InlineData("1", "-log1p(-u) / rate", "-log1p(-u) * rate", "quantile-exponential")]
    [InlineData("2", ".abs().log().sum(1)", ".prod(1).abs().log()", "triangular-large")]
    [InlineData("2", "x.matmul(l.t()) + b, l", "x.matmul(l) + b, l", "flow-forward,flow-inverse")]
    [InlineData("2", "sum().expand(x.shape[0]));", "sum());", "flow-logdet,flow-inverse")]
    [InlineData("2", "(a2.matmul(a1), a2", "(a1.matmul(a2), a2", "compose-value")]
    [InlineData("2", "/ x.shape[0]));", "/ (x.shape[0] - 1)));", "fit-value")]
    [InlineData("3", "return (swap ? cat([z, kept], 1) : cat([kept, z], 1), s.sum(1));",
        "return (swap ? cat([z, kept], 1) : cat([kept, z], 1), -s.sum(1));", "affine-logdet,stack-logdet,stack-density")]
    [InlineData("3", "(moved - st[1]) * exp(-s)", "moved * exp(-s) - st[1]", "affine-inverse,stack-inverse")]
    [InlineData("3", "for (var k = nets.Length - 1; k >= 0; k--)", "for (var k = 0; k < nets.Length; k++)", "stack-inverse")]
    [InlineData("3", "Math.Log(2 * Math.PI) + logDet;", "Math.Log(2 * Math.PI);", "stack-density")]
    [InlineData("3", "return cat([parts[0], parts[1] + Mlp(parts[0], net)], 1);", "parts[1].add_(Mlp(parts[0], net)); return x;",
        "additive-forward")]
    [InlineData("3", "exp(s) + st[1];", "exp(s) + double.NaN;",
        "affine-forward,affine-logdet,stack-inverse,stack-logdet,stack-density")]
    [InlineData("3", "s.sum(1));\n    // END SOLUTION\n}\n\n(Tensor X", "s.sum());\n    // END SOLUTION\n}\n\n(Tensor X",
        "affine-logdet,stack-logdet,stack-density")]
    [InlineData("4", "(other - mean) / scale, scale)", "(other - other.mean([0])) / other.std(0L), scale)", "standardise-leak")]
    [InlineData("4", "logProb - scale.log().sum()", "logProb + scale.log().sum()", "units-mass")]
    [InlineData("4", "return flow.LogProb(x);",
        "return new Flow(((Chain)flow.Bijection).Layers[1]).LogProb(flow.Bijection.Forward(x).Z);",
        "density-mass,density-held-out")]
    [InlineData("4", "return flow.Sample(n);", "return (flow.Sample(n) - train.mean([0])) / train.std(0L);", "density-samples")]
    [InlineData("4", "excess > 2.5 ? \"too narrow\" : excess < -2.5 ? \"too wide\"",
        "excess > 2.5 ? \"too wide\" : excess < -2.5 ? \"too narrow\"", "pit-verdict")]
    [InlineData("4", "linalg.slogdet(jacobian).Item2", "-linalg.slogdet(jacobian).Item2", "fault-names")]
    [InlineData("5", "(x + u) / levels", "(x + u) / (levels - 1)", "levels-dequantise,logit-values")]
    [InlineData("5", "logProb - dimensions * Math.Log(levels)", "logProb + dimensions * Math.Log(levels)", "levels-bits")]
    [InlineData("5", "Math.Log(1 - 2 * alpha) - log(v)", "-log(v)", "logit-logdet")]
    [InlineData("5", ".permute(0, 1, 3, 5, 2, 4).reshape(n, 4 * c", ".reshape(n, 4 * c", "squeeze-blocks,squeeze-inverse")]
    [InlineData("5", "s = (1 - mask) * st[0].tanh();\n    return (mask * x", "s = st[0].tanh();\n    return (mask * x",
        "coupling-logdet")]
    [InlineData("5", "-0.5 * log1p(a * a) + 2 * Math.Log(1.5)", "-0.5 * log1p(a * a)", "own-logdet")]
    [InlineData("6", "draws.lt(theta.unsqueeze(0)).sum(0L)", "draws.gt(theta.unsqueeze(0)).sum(0L)", "ranks-value")]
    [InlineData("6", "(from - points).square().sum(-1)", "(from - points).abs().sum(-1)", "nearer-value")]
    [InlineData("6", "a.t().matmul(a) / (sigma * sigma)", "a.t().matmul(a) / sigma", "linear-posterior,linear-floor")]
    [InlineData("6", "2 * Math.PI * Math.E) + linalg", "2 * Math.PI) + linalg", "linear-floor")]
    [InlineData("6", "x.to(float32)).to(float64);", "8 + 0 * x.to(float32)).to(float64);", "fit-score")]
    [InlineData("6", "expand(n, 1)).to(float64)", "expand(n, 1)).to(float64).mean([0L], keepdim: true).expand(n, 2)",
        "fit-draws")]
    public async Task A_typical_mistake_costs_what_it_is_meant_to(string name, string right, string wrong, string lost)
    {
        var assignment = Find(name);
        var root = (JsonObject)assignment.Notebook.Root.DeepClone();
        var changed = 0;
        foreach (var (json, cell) in root["cells"]!.AsArray().Zip(assignment.Cells))
        {
            if (cell.Role != CellRole.Answer || !cell.Cell.Source.Contains(right, StringComparison.Ordinal)) continue;
            json!["source"] = cell.Cell.Source.Replace(right, wrong, StringComparison.Ordinal);
            changed++;
        }
        Assert.Equal(1, changed);
        // An experiment is the teacher's to judge, and would only cost time here.
        foreach (var cell in root["cells"]!.AsArray().Zip(assignment.Cells)
            .Where(c => c.Second.Role == CellRole.Manual && c.Second.Cell.IsCode)) cell.First!["source"] = "";
        var attempt = await GradeAsync(assignment, root.ToJsonString());
        Assert.Equal(lost, string.Join(',', attempt.Scores.Where(s => s.Points is { } p && p < s.Most).Select(s => s.Question)));
        Assert.All(attempt.Scores.Where(s => s.Points is { } p && p < s.Most), s =>
            Assert.False(string.IsNullOrWhiteSpace(s.Message)));
    }

    private static Assignment Find(string name) => Assignment.Find(new Repository(Root), name);

    private async Task<GradingResult> GradeAsync(Assignment assignment, string notebook)
    {
        _folder.Write("RealNvp.Notebooks.sln", "");
        foreach (var table in Directory.EnumerateFiles(Path.Combine(Root, "data"), "*.csv"))
            _folder.Write($"data/{Path.GetFileName(table)}", File.ReadAllText(table));
        var repository = new Repository(_folder.Path);
        SetupScript.Write(repository, AppContext.BaseDirectory);
        var enclosed = Sandbox.Problem(repository) is null;
        var path = _folder.Write($"submitted/student.ipynb", notebook);
        return await new Grader(repository, assignment, new GradingLimits(), Course.TestProcesses, _folder["work"],
            enclosed)
            .GradeAsync(new Submission("student", path), Interlocked.Increment(ref _jobs), CancellationToken.None);
    }
}
