using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;

namespace DotNetInteractive.Tests;

public class CSharpKernelTests
{
    [Fact]
    public async Task State_goes_on_across_cells()
    {
        using var cells = new Cells();
        await cells.ResultAsync("var x = 20; int Twice(int n) => 2 * n; record Point(int X, int Y);");
        Assert.Equal(41, (await cells.RunAsync("Twice(x) + new Point(1, 2).X")).Value);
        await cells.ResultAsync("x = 3;");
        Assert.Equal("6", await cells.ResultAsync("Twice(x)"));
    }

    [Fact]
    public async Task A_later_declaration_hides_an_earlier_one()
    {
        using var cells = new Cells();
        await cells.ResultAsync("var x = 1;");
        await cells.ResultAsync("var x = \"two\";");
        Assert.Equal("two", await cells.ResultAsync("x"));
    }

    [Fact]
    public async Task Await_stands_at_the_top_level()
    {
        using var cells = new Cells();
        Assert.Equal("5", await cells.ResultAsync("await Task.Delay(20); await Task.FromResult(5)"));
    }

    [Fact]
    public async Task A_cell_may_block_on_its_own_tasks()
    {
        using var cells = new Cells();
        Assert.Equal("7", await cells.ResultAsync("async Task<int> Seven() { await Task.Delay(10); return 7; } Seven().Result"));
    }

    [Theory]
    [InlineData("1 + 1", "2")]
    [InlineData("using System.Text.Json; JsonSerializer.Serialize(new[] { 1, 2 })", "[1,2]")]
    [InlineData("string.Join(',', Enumerable.Range(0, 3))", "0,1,2")]
    [InlineData("using System.Numerics; BigInteger.Pow(2, 70)", "1180591620717411303424")]
    public async Task The_last_expression_is_the_result(string code, string expected)
    {
        using var cells = new Cells();
        Assert.Equal(expected, await cells.ResultAsync(code));
    }

    [Theory]
    [InlineData("var y = 2;")]
    [InlineData("Console.WriteLine(1);")]
    [InlineData("Console.WriteLine(1)")]
    [InlineData("// only a comment")]
    [InlineData("using System.IO;")]
    [InlineData("")]
    public async Task A_cell_without_a_last_expression_has_no_result(string code)
    {
        using var cells = new Cells();
        var run = await cells.RunAsync(code);
        Assert.Null(run.Error);
        Assert.Empty(run.Events.OfType<ReturnValueProduced>());
        Assert.Single(run.Events.OfType<CommandSucceeded>());
    }

    [Fact]
    public async Task Console_output_comes_while_the_cell_runs()
    {
        using var cells = new Cells();
        var first = new TaskCompletionSource<string>();
        using var _ = cells.Kernel.KernelEvents.Subscribe(e =>
        {
            if (e is StandardOutputValueProduced output) first.TrySetResult(output.FormattedValues.Single().Value);
        });
        var run = cells.RunAsync("Console.WriteLine(\"now\"); await Task.Delay(-1);");
        Assert.Equal("now\n", await first.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.False(run.IsCompleted);
        await cells.Kernel.SendAsync(new Cancel());
        Assert.Equal("The cell was interrupted.", (await run).Error);
    }

    [Fact]
    public async Task Compile_errors_show_the_line_and_a_mark_below_it()
    {
        using var cells = new Cells();
        var run = await cells.RunAsync("var a = 1;\n  var b = a + nowhere;");
        Assert.Equal("(2,15): error CS0103: The name 'nowhere' does not exist in the current context\n"
            + "      var b = a + nowhere;\n"
            + "                  ^^^^^^^", run.Error);
        var diagnostic = Assert.Single(run.Events.OfType<DiagnosticsProduced>().Single().Diagnostics);
        Assert.Equal((1, "CS0103"), (diagnostic.LinePositionSpan.Start.Line, diagnostic.Code));
        Assert.Contains("CS0103", (await cells.RunAsync("a")).Error);
    }

    [Fact]
    public async Task Warnings_do_not_fail_a_cell()
    {
        using var cells = new Cells();
        Assert.Equal("x", await cells.ResultAsync("#nullable enable\nstring s = null; int unused; [Obsolete] void Old() { } Old(); s ?? \"x\""));
    }

    [Fact]
    public async Task Exceptions_carry_the_cells_lines_and_no_frame_of_the_engine()
    {
        using var cells = new Cells();
        await cells.ResultAsync("int Check(int n)\n{\n    if (n > 2)\n        throw new ArgumentException(\"too much\");\n    return n;\n}");
        var run = await cells.RunAsync("var a = Check(1);\n\nCheck(3)");
        Assert.Equal("System.ArgumentException: too much\n   at Check(Int32 n) in cell [1], line 4\n   at cell [2], line 3", run.Error);
        Assert.IsType<ArgumentException>(run.Events.OfType<CommandFailed>().Single().Exception);
    }

    [Fact]
    public async Task Exceptions_in_async_methods_and_lambdas_keep_their_names()
    {
        using var cells = new Cells();
        await cells.ResultAsync("async Task Deep()\n{\n    await Task.Yield();\n    throw new InvalidOperationException(\"deep\");\n}");
        var run = await cells.RunAsync("await Deep();");
        Assert.Equal("System.InvalidOperationException: deep\n   at Deep(...) in cell [1], line 4\n   at cell [2], line 1", run.Error);
        run = await cells.RunAsync("new[] { 1 }.Select(n =>\n    1 / (n - 1)).ToArray()");
        Assert.Contains("a lambda in cell [3], line 2", run.Error);
        Assert.Contains("   at cell [3], line 1", run.Error);
        Assert.DoesNotContain("Submission", run.Error);
        Assert.DoesNotContain("Interactive", run.Error);
    }

    [Fact]
    public async Task What_a_failing_cell_declared_before_it_failed_remains()
    {
        using var cells = new Cells();
        Assert.NotNull((await cells.RunAsync("var kept = 5; throw new Exception(\"boom\");")).Error);
        Assert.Equal("5", await cells.ResultAsync("kept"));
    }

    [Theory]
    [InlineData("var n = 1; while (true) ;")]
    [InlineData("var n = 1; while (true) { try { n = 1; } catch { } finally { } }")]
    [InlineData("var n = 1; await Task.Delay(1); while (true) ;")]
    [InlineData("var n = 1; await Task.Delay(-1);")]
    [InlineData("var n = 1; System.Threading.Thread.Sleep(-1);")]
    [InlineData("var n = 1; new System.Threading.ManualResetEvent(false).WaitOne();")]
    public async Task A_runaway_cell_can_be_cancelled_and_the_kernel_goes_on(string code)
    {
        using var cells = new Cells();
        await cells.ResultAsync("0");
        var run = cells.RunAsync(code);
        await Task.Delay(300);
        await cells.Kernel.SendAsync(new Cancel());
        Assert.Equal("The cell was interrupted.", (await run.WaitAsync(TimeSpan.FromSeconds(20))).Error);
        Assert.Equal("1", await cells.ResultAsync("n"));
    }

    [Fact]
    public async Task Commands_wait_for_their_turn()
    {
        using var cells = new Cells();
        var runs = Enumerable.Range(0, 5).Select(i => cells.RunAsync(i == 0 ? "var order = new List<int>();" : $"await Task.Delay({10 - i}); order.Add({i});")).ToArray();
        await Task.WhenAll(runs);
        Assert.Equal("1,2,3,4", await cells.ResultAsync("string.Join(',', order)"));
    }

    [Fact]
    public async Task Variables_go_in_and_out()
    {
        using var cells = new Cells();
        await cells.CSharp.SetValueAsync("given", new Dictionary<string, int[]> { ["a"] = [1, 2] }, typeof(Dictionary<string, int[]>));
        await cells.ResultAsync("var sum = given[\"a\"].Sum();");
        Assert.True(cells.CSharp.TryGetValue("sum", out int sum));
        Assert.Equal(3, sum);
        Assert.False(cells.CSharp.TryGetValue("sum", out string _));
        Assert.False(cells.CSharp.TryGetValue("nothing", out object _));
    }

    [Fact]
    public async Task A_displayed_value_keeps_one_id_through_its_updates()
    {
        using var cells = new Cells();
        var run = await cells.RunAsync("var shown = display(1, \"text/plain\"); shown.Update(2); var other = 3.Display(); other.Update(4);");
        Assert.Null(run.Error);
        Assert.Equal(["1", "2"], run.Shown.Take(2).Select(e => e.FormattedValues.Single().Value));
        Assert.Single(run.Shown.Take(2).Select(e => e.ValueId).Distinct());
        Assert.Single(run.Shown.Skip(2).Select(e => e.ValueId).Distinct());
        Assert.NotEqual(run.Shown[0].ValueId, run.Shown[2].ValueId);
        Assert.IsType<DisplayedValueUpdated>(run.Shown[1]);
    }

    [Fact]
    public async Task Html_and_DisplayAs_are_shown_as_they_are()
    {
        using var cells = new Cells();
        var run = await cells.RunAsync("display(HTML(\"<b>bold</b>\")); \"# title\".DisplayAs(\"text/markdown\");");
        Assert.Null(run.Error);
        Assert.Equal([("text/html", "<b>bold</b>"), ("text/markdown", "# title")],
            run.Shown.Select(e => (e.FormattedValues.Single().MimeType, e.FormattedValues.Single().Value)));
    }

    [Fact]
    public async Task A_cell_without_a_kernels_name_goes_to_the_default_or_the_only_one()
    {
        using var one = new CompositeKernel { new CSharpKernel() };
        Assert.Contains((await one.SendAsync(new SubmitCode("6 * 7"))).Events, e => e is ReturnValueProduced { Value: 42 });
        using var two = new CompositeKernel { new CSharpKernel(), new HtmlKernel() };
        Assert.Contains((await two.SendAsync(new SubmitCode("6 * 7"))).Events, e => e is CommandFailed);
        two.DefaultKernelName = "csharp";
        Assert.Contains((await two.SendAsync(new SubmitCode("6 * 7"))).Events, e => e is ReturnValueProduced { Value: 42 });
    }
}
