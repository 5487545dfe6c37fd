using RealNvp.Workbook.Classroom;
using RealNvp.Workbook.Tests.Execution;

namespace RealNvp.Workbook.Tests.Classroom;

/// <summary>A function that overwrites what it is given does not overwrite what the tests compare with.</summary>
public sealed class OwnTensorsTests : IDisposable
{
    private readonly Course _course = new(NotebookText.Of(
    [
        Course.Cell("setup", false, false, null, "#!import \"setup.csx\"\nusing TorchSharp;\nusing static TorchSharp.torch;"),
        Course.Cell("answer", false, true, null,
            "Tensor Twice(Tensor x, Tensor[] more)\n{\n    // BEGIN SOLUTION\n    return x * 2;\n    // END SOLUTION\n}"),
        Course.Cell("twice", true, false, 2, """
            var x = torch.ones(3);
            var y = Twice(x, new[] { torch.ones(2) });
            if (!y.allclose(x * 2)) throw new Exception("expected 2 x");
            """),
    ]));

    public void Dispose() => _course.Dispose();

    [Theory]
    [InlineData("return x * 2;", null)]
    [InlineData("x.zero_(); return x;", "Twice changed its argument 1 of 2")]
    [InlineData("more[0].zero_(); return x * 2;", "Twice changed its argument 2 of 2")]
    [InlineData("return zeros(3);", "expected 2 x")]
    public async Task What_it_changes_is_said_and_earns_nothing(string code, string? message)
    {
        if (Sandbox.Problem(_course.Repository) is { } problem) Assert.Skip(problem);
        var graded = await _course.GradeAsync(
            _course.Answer("mallory", $"Tensor Twice(Tensor x, Tensor[] more)\n{{\n    {code}\n}}"));
        Assert.Equal(message is null ? 2 : 0, graded.Points);
        if (message is null) Assert.Null(graded.Scores[0].Message);
        else Assert.Contains(message, graded.Scores[0].Message, StringComparison.Ordinal);
    }
}
