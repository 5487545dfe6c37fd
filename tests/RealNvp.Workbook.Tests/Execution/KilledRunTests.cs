using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using RealNvp.Workbook.Execution;
using RealNvp.Workbook.Setup;

namespace RealNvp.Workbook.Tests.Execution;

/// <summary>`./workbook run`, ended in the middle of a chapter: files are whole or not there, and no process stays.</summary>
public sealed class KilledRunTests : IDisposable
{
    private const string Earlier = """{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}""";

    private readonly TemporaryFolder _folder = new();
    private readonly Repository _repository;

    public KilledRunTests()
    {
        _repository = new Repository(_folder.Path);
        _folder.Write("RealNvp.Notebooks.sln", "");
        SetupScript.Write(_repository, AppContext.BaseDirectory);
        _folder.Write("artifacts/executed/01-killed.ipynb", Earlier);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("KILL", "while (true) ;")]
    [InlineData("KILL", "while (true) torch.mm(torch.ones(1500, 1500), torch.ones(1500, 1500));")]
    [InlineData("TERM", "while (true) ;")]
    [InlineData("INT", "System.Threading.Thread.Sleep(System.Threading.Timeout.Infinite);")]
    public async Task Files_are_whole_and_no_process_stays(string signal, string busy)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");
        Assert.SkipWhen(signal == "INT" && InterruptIsIgnored(),
            "needs a shell that does not ignore SIGINT, as one in the background does: its children cannot be interrupted either");
        _folder.Write("notebooks/01-killed.ipynb", NotebookText.Of(
            "#!import \"setup.csx\"",
            "using TorchSharp;\nConsole.WriteLine(torch.ones(3).sum().ToDouble());",
            "System.IO.File.WriteAllText(\"cells.part\", "
            + $"Environment.ProcessId.ToString());\nSystem.IO.File.Move(\"cells.part\", \"cells\");\n{busy}"));
        var start = SelfProcess.Create(["run", "01", "--force"]);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["WORKBOOK_ROOT"] = _folder.Path;
        start.Environment[SelfProcess.Diagnostics] = "0";   // nothing in the temporary folder, where nobody is left to delete it
        using var runner = Process.Start(start)!;
        var (output, error) = (runner.StandardOutput.ReadToEndAsync(), runner.StandardError.ReadToEndAsync());
        var busyCell = _folder["notebooks/cells"];
        await UntilAsync(() => File.Exists(busyCell) || runner.HasExited);
        Assert.True(File.Exists(busyCell), $"the run ended by itself: {(runner.HasExited ? await output + await error : "")}");
        using var cells = Process.GetProcessById(int.Parse(File.ReadAllText(busyCell), CultureInfo.InvariantCulture));

        Tool.Capture("kill", [$"-{signal}", $"{runner.Id}"], TimeSpan.FromSeconds(10));
        await UntilAsync(() => runner.HasExited && cells.HasExited);
        Assert.NotEqual(0, runner.ExitCode);
        Assert.True(cells.HasExited);

        // Killed, it wrote nothing; told to stop, it wrote down how far it came.
        var copy = _repository.ExecutedCopy(_folder["notebooks/01-killed.ipynb"]);
        var files = Directory.GetFileSystemEntries(_repository.Executed);
        Assert.DoesNotContain(files, file => Path.GetFileName(file).StartsWith('.'));
        Assert.All(files.Where(file => !file.EndsWith(".xml", StringComparison.Ordinal)), file =>
            Assert.NotNull(JsonNode.Parse(File.ReadAllText(file))));
        if (signal == "KILL") Assert.Equal(Earlier, File.ReadAllText(Assert.Single(files)));
        else
            Assert.Equal("Cancelled",
                (string)JsonNode.Parse(File.ReadAllText(copy))!["cells"]![2]!["outputs"]!.AsArray()[^1]!["ename"]!);
        Assert.False(Directory.Exists(_repository.RunCache) && Directory.EnumerateFileSystemEntries(_repository.RunCache).Any(),
            "a run that was ended is kept");
    }

    /// <summary>Bit 1 of the signals that this process, and whatever it starts, ignores.</summary>
    private static bool InterruptIsIgnored()
    {
        var ignored = File.ReadLines("/proc/self/status")
            .First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..].Trim();
        return (ulong.Parse(ignored, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 2) != 0;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var end = DateTime.UtcNow.AddSeconds(60);
        while (!condition() && DateTime.UtcNow < end) await Task.Delay(50);
    }
}
