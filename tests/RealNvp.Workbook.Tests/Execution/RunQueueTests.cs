using System.Text.Json.Nodes;
using RealNvp.Workbook.Book;
using RealNvp.Workbook.Commands;
using RealNvp.Workbook.Execution;

namespace RealNvp.Workbook.Tests.Execution;

public sealed class RunQueueTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Repository _repository;

    public RunQueueTests() => _repository = new Repository(_folder.Path);

    public void Dispose() => _folder.Dispose();

    private string Notebook(string name, params string[] cells) =>
        _folder.Write($"notebooks/{name}.ipynb", NotebookText.Of(cells));

    private async Task<IReadOnlyList<RunSummary>> RunAsync(Watcher watcher, bool force, params string[] notebooks) =>
        await new RunQueue(_repository, "quick", new RunOptions(), jobs: 2, force)
            .RunAsync(notebooks, watcher, CancellationToken.None);

    private async Task<RunSummary> RunOneAsync(string notebook, bool force = false) =>
        (await RunAsync(new Watcher(), force, notebook))[0];

    private static string Printed(RunSummary summary, int cell) =>
        string.Concat(JsonNode.Parse(File.ReadAllText(summary.OutputPath))!["cells"]![cell - 1]!["outputs"]![0]![
        "text"]!.AsArray().Select(line => (string)line!));

    [Fact]
    public async Task What_has_not_changed_gets_its_outputs_back_without_a_run()
    {
        var path = Notebook("a", "Console.WriteLine(Guid.NewGuid());", "1 + 1");
        var first = await RunOneAsync(path);
        var executed = File.ReadAllText(first.OutputPath);
        File.Delete(first.OutputPath);
        var second = await RunOneAsync(path);
        Assert.Equal((false, true), (first.Restored, second.Restored));
        Assert.Equal(executed, File.ReadAllText(second.OutputPath));
        Assert.Equal(first.Cells.Select(cell => (cell.Number, cell.Id, cell.Outcome)),
            second.Cells.Select(cell => (cell.Number, cell.Id, cell.Outcome)));
        Assert.All(first.Cells.Zip(second.Cells), pair =>
            Assert.Equal(pair.First.Elapsed.TotalSeconds, pair.Second.Elapsed.TotalSeconds, 0.001));
        Assert.False((await RunOneAsync(path, force: true)).Restored);
    }

    [Fact]
    public async Task A_run_whose_outputs_cannot_be_kept_is_fine_all_the_same()
    {
        var path = Notebook("a", "Console.WriteLine(Guid.NewGuid());");
        _folder.Write(Path.GetRelativePath(_folder.Path, _repository.RunCache), "a file where the folder would be");
        Assert.True((await RunOneAsync(path)).Succeeded);
        Assert.False((await RunOneAsync(path)).Restored);
    }

    [Fact]
    public async Task Text_edited_since_stands_in_the_restored_copy_as_it_is_now()
    {
        var path = Notebook("a", "Console.WriteLine(Guid.NewGuid());");
        var printed = Printed(await RunOneAsync(path), 1);
        var edited = JsonNode.Parse(File.ReadAllText(path))!;
        edited["cells"]!.AsArray()
            .Insert(0, new JsonObject
            {
                ["cell_type"] = "markdown",
                ["id"] = "new",
                ["metadata"] = new JsonObject(),
                ["source"] = "new words"
            });
        File.WriteAllText(path, edited.ToJsonString());
        var restored = await RunOneAsync(path);
        Assert.True(restored.Restored);
        Assert.Equal(printed, Printed(restored, 2));
        Assert.Equal(2, Assert.Single(restored.Cells).Number);
        Assert.Contains("new words", File.ReadAllText(restored.OutputPath));
    }

    [Fact]
    public async Task Nothing_in_a_notebooks_name_or_metadata_leads_out_of_the_output_folder()
    {
        const string Out = "../../../escaped", Picture =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";
        var repository = new Repository(_folder["a/b/checkout"]);
        var notebook = JsonNode.Parse(NotebookText.Of("Console.WriteLine(1);", "1 + 1"))!;
        notebook["metadata"] = new JsonObject
        {
            ["title"] = Out,
            ["name"] = Out,
            ["path"] = Out,
            ["kernelspec"] = new JsonObject { ["name"] = Out, ["display_name"] = Out, ["language"] = "C#" }
        };
        foreach (var cell in notebook["cells"]!.AsArray())
            (cell!["id"], cell["metadata"]) =
                (Out, new JsonObject { ["name"] = Out, ["filename"] = Out, ["tags"] = new JsonArray(Out) });
        notebook["cells"]!.AsArray().Insert(0, new JsonObject
        {
            ["cell_type"] = "markdown",
            ["id"] = "text",
            ["metadata"] = new JsonObject(),
            ["source"] = $"# 01 · {Out}\n\n![a](attachment:{Out}.png)",
            ["attachments"] = new JsonObject { [$"{Out}.png"] = new JsonObject { ["image/png"] = Picture } },
        });
        string[] paths =
        [
            _folder.Write(@"a/b/checkout/notebooks/01-..%2f..%2fescaped.ipynb", notebook.ToJsonString()),
            _folder.Write(@"a/b/checkout/notebooks/02-..\..\escaped.ipynb", notebook.ToJsonString()),
            _folder.Write("a/03-elsewhere.ipynb", notebook.ToJsonString()),
        ];
        string[] Outside() => [.. Directory.EnumerateFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories)
            .Where(path => !path.StartsWith(repository.Artifacts, StringComparison.Ordinal)
                && !path.StartsWith(repository.StateFolder, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        var before = Outside();
        var summaries = await new RunQueue(repository, "quick", new RunOptions(), jobs: 1, force: false)
            .RunAsync(paths, new Watcher(), CancellationToken.None);
        RunReport.Write(repository, summaries);
        BookBuilder.Build(repository.Executed, Path.Combine(repository.Artifacts, "book"));
        Assert.All(summaries, summary => Assert.True(summary.Succeeded, summary.Error?.ToString()));
        var copies = summaries.Select(summary => Path.GetRelativePath(repository.Executed, summary.OutputPath)).ToList();
        Assert.Equal(paths[..2].Select(Path.GetFileName), copies[..2]);
        Assert.Matches(@"^elsewhere[/\\][0-9a-f]{8}[/\\]03-elsewhere\.ipynb$", copies[2]);
        Assert.Equal(before, Outside());
    }

    [Fact]
    public async Task A_failed_run_is_not_kept()
    {
        var path = Notebook("a", "if (!System.IO.File.Exists(\"there\" + \".txt\")) throw new Exception(\"missing\");");
        Assert.False((await RunOneAsync(path)).Succeeded);
        Assert.False(Directory.Exists(_repository.RunCache) && Directory.EnumerateFiles(_repository.RunCache).Any());
        _folder.Write("notebooks/there.txt", "");
        var second = await RunOneAsync(path);
        Assert.Equal((true, false), (second.Succeeded, second.Restored));
    }

    [Fact]
    public async Task A_notebook_edited_while_it_runs_is_not_kept()
    {
        var path = Notebook("a", "var t = System.IO.File.ReadAllText(\"a.\" + \"ipynb\").Replace(\"1 - 1\", \"1 - 2\");\n"
            + "System.IO.File.WriteAllText(\"a.\" + \"ipynb\", t);", "1 - 1");
        Assert.True((await RunOneAsync(path)).Succeeded);
        Assert.False((await RunOneAsync(path)).Restored);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.0)]
    public async Task A_damaged_entry_is_as_good_as_none(double kept)
    {
        var path = Notebook("a", "Console.WriteLine(1);");
        await RunOneAsync(path);
        var entry = Assert.Single(Directory.EnumerateFiles(_repository.RunCache));
        using (var file = new FileStream(entry, FileMode.Open)) file.SetLength((long)(file.Length * kept));
        var again = await RunOneAsync(path);
        Assert.Equal((true, false), (again.Succeeded, again.Restored));
    }

    [Fact]
    public async Task Two_run_at_once_and_are_reported_in_reading_order()
    {
        // Each waits for the other: one after the other, the first would run into its limit.
        string Cell(string mine, string other) =>
            $"System.IO.File.WriteAllText(\"{mine}\" + \".txt\", \"\");\nvar end = DateTime.UtcNow.AddSeconds(100);\n"
            + $"while (!System.IO.File.Exists(\"{other}\" + \".txt\")) {{ if (DateTime.UtcNow > end) throw new "
            + $"TimeoutException(); await Task.Delay(20); }}";
        var watcher = new Watcher();
        var summaries = await RunAsync(watcher, false, Notebook("a", Cell("a", "b")), Notebook("b", Cell("b", "a")),
            Notebook("c", "1"));
        Assert.Equal(["a", "b", "c"], summaries.Select(summary => Path.GetFileNameWithoutExtension(summary.NotebookPath)));
        Assert.All(summaries, summary => Assert.True(summary.Succeeded, summary.Error?.Message));
        Assert.Equal(3, watcher.Ends);
        Assert.Equal(2, watcher.MostAtOnce);
    }

    [Fact]
    public async Task A_stopped_queue_starts_nothing_more()
    {
        using var stop = new CancellationTokenSource();
        var watcher = new Watcher { OnBegan = () => stop.CancelAfter(TimeSpan.FromSeconds(2)) };
        string[] notebooks = [Notebook("a", "await Task.Delay(-1);"), Notebook("b", "1"), Notebook("c", "2")];
        var summaries = await new RunQueue(_repository, "quick", new RunOptions(), jobs: 1, force: false)
            .RunAsync(notebooks, watcher, stop.Token);
        Assert.Equal(CellOutcome.Cancelled, Assert.Single(Assert.Single(summaries).Cells).Outcome);
    }

    private sealed class Watcher : IRunWatcher
    {
        private int _now;

        public int Ends { get; private set; }

        public int MostAtOnce { get; private set; }

        public Action OnBegan { get; init; } = () => { };

        public void Planned(IReadOnlyList<RunSummary> restored, IReadOnlyList<PlannedRun> toRun)
        {
        }

        public IProgress<RunProgress> Began(PlannedRun run)
        {
            OnBegan();
            lock (this) MostAtOnce = Math.Max(MostAtOnce, ++_now);
            return new Progress<RunProgress>();
        }

        public void Ended(PlannedRun run, RunSummary summary)
        {
            lock (this) (_now, Ends) = (_now - 1, Ends + 1);
        }
    }
}
