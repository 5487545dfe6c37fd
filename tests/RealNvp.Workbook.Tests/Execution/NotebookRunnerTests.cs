using System.Text.Json.Nodes;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Tests.Execution;

public sealed class NotebookRunnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private async Task<(RunSummary Summary, JsonNode Copy)> RunAsync(string notebook, RunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var path = _folder.Write("notebook.ipynb", notebook);
        var summary = await NotebookRunner.RunAsync(path, _folder["out/executed.ipynb"], options, null, cancellationToken);
        return (summary, JsonNode.Parse(File.ReadAllText(summary.OutputPath))!);
    }

    private static JsonArray Outputs(JsonNode copy, int cell) => copy["cells"]![cell - 1]!["outputs"]!.AsArray();

    private static string Joined(JsonNode? lines) => string.Concat(lines!.AsArray().Select(line => line!.GetValue<string>()));

    [Fact]
    public async Task Every_kind_of_output_lands_in_the_executed_copy()
    {
        var (summary, copy) = await RunAsync(NotebookText.Of(
            "var x = 41;",
            "Console.Write(\"a\"); Console.WriteLine(\"b\"); Console.Error.WriteLine(\"e\"); Console.WriteLine(\"c\"); x + 1",
            "display(HTML(\"<b>1</b>\\n2\"));",
            "\"{\\\"a\\\":[1,2]}\".DisplayAs(\"application/vnd.test+json\");"));
        Assert.Null(summary.Error);
        Assert.Equal([1, 2, 3, 4], summary.Cells.Select(cell => cell.Number));
        Assert.All(summary.Cells, cell => Assert.Equal(CellOutcome.Succeeded, cell.Outcome));
        Assert.Equal("var x = 41;", summary.Cells[0].FirstLine);
        Assert.Empty(Outputs(copy, 1));
        Assert.Equal(["stream", "stream", "stream", "execute_result"], Outputs(copy, 2).Select(o => (string)o!["output_type"]!));
        Assert.Equal(["ab\n", "e\n", "c\n"], Outputs(copy, 2).Take(3).Select(o => Joined(o!["text"])));
        Assert.Equal("42", Joined(Outputs(copy, 2)[3]!["data"]!["text/plain"]));
        Assert.Equal(2, (int)Outputs(copy, 2)[3]!["execution_count"]!);
        Assert.Equal(["<b>1</b>\n", "2"], Outputs(copy, 3)[0]!["data"]!["text/html"]!.AsArray().Select(line => (string)line!));
        Assert.Equal(2, (int)Outputs(copy, 4)[0]!["data"]!["application/vnd.test+json"]!["a"]![1]!);
    }

    [Fact]
    public async Task An_update_replaces_what_is_on_show_in_whichever_cell_it_stands()
    {
        var (summary, copy) = await RunAsync(NotebookText.Of(
            "var shown = display(\"first\");",
            "shown.Update(\"second\"); Console.Write(\"1%\\r50%\\r\"); Console.WriteLine(\"100%\");"));
        Assert.Null(summary.Error);
        var output = Assert.Single(Outputs(copy, 1))!;
        Assert.Equal("second", Joined(output["data"]!["text/plain"]));
        Assert.Null(output["transient"]);
        Assert.Equal("100%\n", Joined(Assert.Single(Outputs(copy, 2))!["text"]));
    }

    [Theory]
    [InlineData("(", 50_000, "CodeLimit", "at most 200 brackets may be open at once, line 2 of the code opens more")]
    [InlineData("not ", 100_000, "CodeLimit", "the code is nested too deeply for the compiler")]
    [InlineData(" ", 1_000_001, "CodeLimit", "a cell has at most 1000000 characters of code, this one has 1000029: read data from a file instead")]
    public async Task Code_that_is_too_much_for_the_compiler_is_told_in_a_line(string part, int times, string kind, string message)
    {
        var (summary, _) = await RunAsync(NotebookText.Of("object a = 1;",
            $"var one = 1;\nvar b = a is {string.Concat(Enumerable.Repeat(part, times))}1;"));
        Assert.Equal((2, kind), (summary.Error!.Cell, summary.Error.Kind));
        Assert.StartsWith(message, summary.Error.Message);
        Assert.DoesNotContain('\n', summary.Error.Message.TrimEnd());
    }

    [Fact]
    public async Task A_failing_cell_ends_the_run_with_its_line_and_message()
    {
        var (summary, copy) = await RunAsync(NotebookText.Of(
            "void Check(int n)\n{\n    if (n > 1) throw new ArgumentException(\"too much\");\n}", "Check(0);\n\nCheck(2);",
            "Console.WriteLine(\"never\");"));
        Assert.False(summary.Succeeded);
        Assert.Equal([CellOutcome.Succeeded, CellOutcome.Failed, CellOutcome.Skipped],
            summary.Cells.Select(cell => cell.Outcome));
        var error = summary.Error!;
        Assert.Equal((2, "c2", "ArgumentException"), (error.Cell, error.CellId, error.Kind));
        Assert.Equal((3, "Check(2);"), (error.Line, error.Code));
        Assert.Equal("cell 2 (id c2), line 3: Check(2);\nSystem.ArgumentException: too much\n"
            + "   at Check(Int32 n) in cell [1], line 3\n   at cell [2], line 3", error.ToString());
        var output = Assert.Single(Outputs(copy, 2))!;
        Assert.Equal(("error", "ArgumentException", "too much"),
            ((string)output["output_type"]!, (string)output["ename"]!, (string)output["evalue"]!));
        Assert.Empty(Outputs(copy, 3));
    }

    [Fact]
    public async Task A_cell_that_does_not_compile_is_named_with_its_line()
    {
        var (summary, copy) = await RunAsync(NotebookText.Of("var a = 1;\nvar b = a + c;"));
        Assert.Equal((1, 2, "var b = a + c;", "CompilationError"),
            (summary.Error!.Cell, summary.Error.Line, summary.Error.Code, summary.Error.Kind));
        Assert.Contains("CS0103", summary.Error.Message);
        Assert.Equal("error", (string)Assert.Single(Outputs(copy, 1))!["output_type"]!);
    }

    [Theory]
    [InlineData("while (true) ;")]
    [InlineData("await Task.Delay(-1);")]
    public async Task A_runaway_cell_is_stopped_at_its_limit(string code)
    {
        var (summary, copy) = await RunAsync(NotebookText.Of("Console.WriteLine(1);", code, "2"),
            new RunOptions { CellTimeout = TimeSpan.FromSeconds(10) });
        Assert.Equal([CellOutcome.Succeeded, CellOutcome.TimedOut, CellOutcome.Skipped],
            summary.Cells.Select(cell => cell.Outcome));
        Assert.Equal((2, "Timeout", "the cell ran longer than its limit of 10 s"),
            (summary.Error!.Cell, summary.Error.Kind, summary.Error.Message));
        Assert.Equal("1\n", Joined(Outputs(copy, 1)[0]!["text"]));
    }

    [Fact]
    public async Task A_cell_that_cannot_be_stopped_loses_its_process()
    {
        var (summary, _) = await RunAsync(NotebookText.Of(
            "using System.Runtime.InteropServices;\n[DllImport(\"libc\")] static extern int pthread_mutex_lock(nint mutex);\n"
            + "var mutex = Marshal.AllocHGlobal(64); for (var i = 0; i < 8; i++) Marshal.WriteInt64(mutex, 8 * i, 0);\n"
            + "pthread_mutex_lock(mutex)",
            "pthread_mutex_lock(mutex)"),
            new RunOptions { CellTimeout = TimeSpan.FromSeconds(20), StopGrace = TimeSpan.FromSeconds(1) });
        Assert.Equal([CellOutcome.Succeeded, CellOutcome.TimedOut], summary.Cells.Select(cell => cell.Outcome));
        Assert.EndsWith("so its process was ended", summary.Error!.Message);
        Assert.StartsWith("the cell ran longer than its limit of 20 s", summary.Error!.Message);
    }

    [Fact]
    public async Task A_run_that_is_stopped_while_its_process_starts_ends_at_the_first_cell()
    {
        var (summary, copy) = await RunAsync(NotebookText.Of("await Task.Delay(-1);", "1"),
            cancellationToken: new CancellationToken(canceled: true));
        Assert.Equal([CellOutcome.Cancelled, CellOutcome.Skipped], summary.Cells.Select(cell => cell.Outcome));
        Assert.Equal("Cancelled", (string)Assert.Single(Outputs(copy, 1))!["ename"]!);
    }

    [Fact]
    public async Task The_notebooks_limit_counts_all_cells()
    {
        var (summary, _) = await RunAsync(NotebookText.Of("await Task.Delay(10);", "await Task.Delay(-1);"),
            // the limit counts the start of the process, too, which takes its time on a busy machine
            new RunOptions { NotebookTimeout = TimeSpan.FromSeconds(40), CellTimeout = TimeSpan.FromSeconds(200) });
        Assert.Equal((2, "the notebook ran longer than its limit of 40 s"), (summary.Error!.Cell, summary.Error.Message));
    }

    [Theory]
    [InlineData("Environment.FailFast(\"broken\");", "SIGABRT")]
    [InlineData("Console.WriteLine(1); Environment.Exit(7);", "exit code 7")]
    public async Task A_process_that_ends_is_reported_with_the_cell(string code, string how)
    {
        var (summary, _) = await RunAsync(NotebookText.Of("1", code));
        Assert.Equal(CellOutcome.Crashed, summary.Cells[1].Outcome);
        Assert.StartsWith("the process ended while running cell 2: ", summary.Error!.Message);
        Assert.Contains(how, summary.Error.Message);
    }

    [Fact]
    public async Task The_user_can_stop_a_run_and_keeps_what_was_done()
    {
        using var stop = new CancellationTokenSource();
        var path = _folder.Write("n.ipynb", NotebookText.Of("1 + 1", "await Task.Delay(-1);"));
        var progress = new Progress(p =>
        {
            if (p is { Cell: 2, Outcome: null }) stop.CancelAfter(500);
        });
        var summary = await NotebookRunner.RunAsync(path, _folder["n.out.ipynb"], null, progress, stop.Token);
        Assert.Equal([CellOutcome.Succeeded, CellOutcome.Cancelled], summary.Cells.Select(cell => cell.Outcome));
        Assert.Single(Outputs(JsonNode.Parse(File.ReadAllText(summary.OutputPath))!, 1));
    }

    [Fact]
    public async Task Tags_for_expected_errors_and_skipped_cells_are_honoured()
    {
        var (summary, copy) = await RunAsync(NotebookText.Of([
            NotebookText.Code("a", "throw new Exception(\"on purpose\");", "raises-exception"),
            NotebookText.Code("b", "while (true) ;", "skip-execution"),
            NotebookText.Code("c", "3"),
        ]));
        Assert.True(summary.Succeeded);
        Assert.Equal([CellOutcome.FailedAsExpected, CellOutcome.Skipped, CellOutcome.Succeeded],
            summary.Cells.Select(cell => cell.Outcome));
        Assert.Equal("error", (string)Outputs(copy, 1)[0]!["output_type"]!);
    }

    [Fact]
    public async Task Files_and_references_resolve_against_the_notebooks_folder()
    {
        _folder.Write("nested/helper.csx", "#load \"deeper.csx\"\nint Helped() => Deeper() + 1;");
        _folder.Write("nested/deeper.csx", "int Deeper() => 40;");
        _folder.Write("setup.csx", "#!import \"nested/helper.csx\"\nusing System.Globalization;\nvar fromSetup = Helped();\n");
        var (summary, copy) = await RunAsync(
            NotebookText.Of("#!import \"setup.csx\"", "CultureInfo.InvariantCulture.Name + fromSetup",
            "System.IO.File.Exists(\"setup.csx\")"));
        Assert.Null(summary.Error);
        Assert.Equal("41", Joined(Outputs(copy, 2)[0]!["data"]!["text/plain"]));
        Assert.Equal("True", Joined(Outputs(copy, 3)[0]!["data"]!["text/plain"]));
    }

    [Fact]
    public async Task A_library_of_ours_is_one_library_in_cells_and_host()
    {
        var library = typeof(RealNvp.Flows.TorchLibrary).Assembly.Location;
        var copy = _folder["elsewhere/RealNvp.Flows.dll"];
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        File.Copy(library, copy);
        var (summary, executed) = await RunAsync(NotebookText.Of(
            $"#r \"{copy}\"\n_ = RealNvp.Flows.TorchLibrary.Path;\n"
            + "System.Runtime.Loader.AssemblyLoadContext.Default.Assemblies.Count(a => a.GetName().Name == \"RealNvp.Flows\")",
            "typeof(RealNvp.Flows.TorchLibrary).Assembly.Location"));
        Assert.Null(summary.Error);
        Assert.Equal("1", Joined(Outputs(executed, 1)[0]!["data"]!["text/plain"]));
        Assert.Equal(library, Joined(Outputs(executed, 2)[0]!["data"]!["text/plain"]));
    }

    [Fact]
    public async Task Ten_thousand_lines_arrive_complete_and_in_order()
    {
        var (summary, copy) = await RunAsync(NotebookText.Of("for (var i = 0; i < 10_000; i++) Console.WriteLine(i);"));
        Assert.Null(summary.Error);
        Assert.Equal(string.Concat(Enumerable.Range(0, 10_000).Select(i => i + "\n")),
            Joined(Assert.Single(Outputs(copy, 1))!["text"]));
    }

    [Fact]
    public async Task Endless_printing_is_cut_with_a_notice()
    {
        var (summary, copy) = await RunAsync(NotebookText.Of("for (var i = 0; i < 100; i++) Console.WriteLine(\"123456789\");"),
            new RunOptions { StreamLimit = 200 });
        Assert.Null(summary.Error);
        Assert.EndsWith("... (800 more characters were printed and are left out)\n", Joined(Outputs(copy, 1)[0]!["text"]));
    }

    [Fact]
    public async Task Asking_for_input_fails_the_cell_and_says_why()
    {
        var (summary, _) = await RunAsync(NotebookText.Of("var name = await GetInputAsync(\"name?\");"));
        Assert.Contains("nobody is there to answer 'name?'", summary.Error!.Message);
    }

    private sealed class Progress(Action<RunProgress> report) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => report(value);
    }
}
