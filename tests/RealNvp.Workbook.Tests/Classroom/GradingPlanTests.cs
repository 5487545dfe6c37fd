using System.Text;
using System.Text.Json.Nodes;
using RealNvp.Workbook.Classroom;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Tests.Classroom;

/// <summary>What programs and people do to the cells of a notebook before it is handed in.</summary>
public sealed class GradingPlanTests : IDisposable
{
    private readonly Course _course = new();

    public void Dispose() => _course.Dispose();

    private GradingPlan Plan(JsonNode root) =>
        GradingPlan.Of(_course.Assignment, NotebookFile.Parse("n.ipynb", Encoding.UTF8.GetBytes(root.ToJsonString())));

    private JsonNode Answered() => JsonNode.Parse(_course.Notebook(("answer", Course.Right)))!;

    private static JsonArray Cells(JsonNode root) => root["cells"]!.AsArray();

    private static string Code(GradingPlan plan) => Assert.Single(plan.Steps, s => s.Cell?.Id == "answer").Code;

    /// <summary>The two functions of the right answer, and their place in its text.</summary>
    private static (string First, string Second) Halves(string at)
    {
        var place = Course.Right.IndexOf(at, StringComparison.Ordinal);
        return (Course.Right[..place], Course.Right[place..]);
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    [InlineData("  \n")]
    public void Ends_of_lines_are_no_change(string end)
    {
        var root = Answered();
        foreach (var cell in Cells(root))
            cell!["source"] = NotebookFile.Text(cell["source"]).Replace("\n", end, StringComparison.Ordinal) + end;
        var plan = Plan(root);
        Assert.Empty(plan.Notes);
        Assert.Equal(Course.Right, GradingPlan.Plain(Code(plan)));
    }

    [Fact]
    public void Without_nbgraders_metadata_the_cells_own_ids_count()
    {
        var root = Answered();
        foreach (var cell in Cells(root)) cell!["metadata"] = new JsonObject();
        root["metadata"] = new JsonObject();
        var plan = Plan(root);
        Assert.Equal(Course.Right, Code(plan));
        Assert.Empty(plan.Notes);
    }

    [Fact]
    public void Without_ids_nbgraders_metadata_count()
    {
        var root = Answered();
        foreach (var cell in Cells(root)) ((JsonObject)cell!).Remove("id");
        (root["nbformat_minor"], root["metadata"]) = (2, null);
        Assert.Equal(Course.Right, Code(Plan(root)));
    }

    [Theory]
    [InlineData("(Tensor Z", true)]
    [InlineData("    return x * Math", true)]
    [InlineData("(Tensor Z", false)]
    [InlineData("    return x * Math", false)]
    public void A_cell_that_was_split_is_put_together(string at, bool keepsMetadata)
    {
        var (first, second) = Halves(at);
        var root = JsonNode.Parse(_course.Notebook(("answer", first)))!;
        var rest = (JsonObject)Cells(root)[1]!.DeepClone();
        (rest["id"], rest["source"]) = ("new", second);
        if (!keepsMetadata) rest["metadata"] = new JsonObject();
        Cells(root).Insert(2, rest);
        var plan = Plan(root);
        Assert.Equal(Course.Right.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            Code(plan).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(plan.Notes, n => n.Contains("was split", StringComparison.Ordinal));
        Assert.DoesNotContain(plan.Steps, s => s.Role == CellRole.None);
    }

    [Fact]
    public void Of_a_copied_cell_the_first_that_was_filled_in_counts()
    {
        var root = JsonNode.Parse(_course.Notebook())!;
        foreach (var text in new[] { Course.Right, "int Other() => 1;" })
        {
            var copy = Cells(root)[1]!.DeepClone();
            copy["source"] = text;
            Cells(root).Insert(Cells(root).Count - 1, copy);
        }
        var plan = Plan(root);
        Assert.Equal(Course.Right, Code(plan));
        Assert.Contains(plan.Notes, n => n.Contains("answer is there more than once", StringComparison.Ordinal));
    }

    [Fact]
    public void Words_in_several_cells_all_count()
    {
        var root = Answered();
        var words = Cells(root)[^1]!;
        words["source"] = "One.";
        var more = words.DeepClone();
        more["source"] = "Two.";
        Cells(root).Add(more);
        Assert.Equal("One.\n\nTwo.", Plan(root).Steps.Single(s => s.Cell?.Id == "words").Code);
    }

    [Fact]
    public void A_missing_answer_is_named_with_the_questions_that_look_at_it()
    {
        var plan = Plan(JsonNode.Parse(_course.Notebook(("answer", null)))!);
        Assert.Contains("cell answer is missing; it counts as not answered, and is what scale, logdet, part look at", plan.Notes);
        Assert.Contains("the answer cell answer is missing in the notebook", Code(plan), StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_in_a_cell_of_ones_own_takes_a_missing_cells_place()
    {
        var root = JsonNode.Parse(_course.Notebook(("answer", null)))!;
        Cells(root).Insert(1, NotebookText(Course.Right));
        var plan = Plan(root);
        Assert.Equal("", Code(plan));
        Assert.Contains(plan.Steps, s => s.Role == CellRole.None && s.Code == Course.Right);
        Assert.Contains(plan.Notes, n => n.Contains("in a cell of your own", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("python3", "python")]
    [InlineData("", "")]
    public async Task Another_kernel_that_opened_it_changes_nothing(string kernel, string language)
    {
        if (Sandbox.Problem(_course.Repository) is { } problem) Assert.Skip(problem);
        var root = Answered();
        root["metadata"]!["kernelspec"] = new JsonObject { ["name"] = kernel, ["language"] = language };
        Assert.Equal(5.5, (await _course.GradeAsync(_course.Submit("ada", root.ToJsonString()))).Points);
    }

    private static JsonObject NotebookText(string code) => Execution.NotebookText.Code("own", code);
}
