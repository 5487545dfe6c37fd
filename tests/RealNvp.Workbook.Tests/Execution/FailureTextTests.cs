using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Tests.Execution;

/// <summary>Errors name the lines and columns of cells, and nothing else.</summary>
[Collection("console")]
public class FailureTextTests
{
    [Theory]
    [InlineData("int a = 1;\nint b = a + zz;", "CS0103: The name 'zz' does not exist in the current context", 2,
        "cell [7], line 2, column 13: CS0103: The name 'zz' does not exist in the current context")]
    [InlineData("#!time\n\nint a = 1; int b = a + zz;", "CS0103: The name 'zz' does not exist in the current context", 3,
        "cell [7], line 3, column 24: CS0103: The name 'zz' does not exist in the current context")]
    [InlineData("#!time\nusing System.IO;\nint F(int n)\n{\n    return 1 / n;\n}\nF(0)", "Attempted to divide by zero.", 5,
        "System.DivideByZeroException: Attempted to divide by zero.\n   at F(Int32 n) in cell [7], line 5\n   at cell [7], line 7")]
    [InlineData("async Task G() { await Task.Delay(1); throw new Exception(\"g\"); }\nawait G();", "g", 1,
        "System.Exception: g\n   at G in cell [7], line 1\n   at cell [7], line 2")]
    [InlineData("new[] { 0 }.Select(x => 1 / x).ToList()", "Attempted to divide by zero.", 1,
        "System.DivideByZeroException: Attempted to divide by zero.\n   at cell [7], line 1")]
    [InlineData("try { throw new Exception(\"in\"); } catch (Exception e) { throw new Exception(\"out\", e); }", "out", 1,
        "System.Exception: out\n   at cell [7], line 1\n ---> System.Exception: in\n   at cell [7], line 1")]
    [InlineData("throw new Exception(\"words\\nException raised from here at there.cpp:1 (most recent call first):\\nframe "
        + "#0: x\");", "words", 1,
        "System.Exception: words\n   at cell [7], line 1")]
    public async Task A_failure_has_the_cells_lines_only(string code, string message, int line, string text)
    {
        using var kernel = CellKernel.Create();
        var cells = InterruptibleCells.Of(kernel.ChildKernels.OfType<CSharpKernel>().Single());
        await kernel.SendAsync(new SubmitCode("0.ToString();"));
        cells.Begin(7);
        var result = await kernel.SendAsync(new SubmitCode(code));
        cells.End();
        var failure = FailureText.Of(result.Events.OfType<CommandFailed>().First());
        Assert.Equal((message, line, text), (failure.Message, failure.Line, failure.Text));
    }
}
