using System.Diagnostics;
using RealNvp.Flows.Training;
using RealNvp.Workbook.Commands;
using static TorchSharp.torch;

namespace RealNvp.Workbook.Tests.ImageModels;

public sealed partial class TrainAndEvaluateTests
{
    private string Small(string width, string depth)
    {
        var path = _folder["small.safetensors"];
        using var scope = NewDisposeScope();
        Safetensors.Save(path, new Dictionary<string, Tensor> { ["w"] = zeros(1) }, new Dictionary<string, string>
        {
            ["model"] = "realnvp",
            ["shape"] = "1x8x8",
            ["levels"] = "17",
            ["width"] = width,
            ["depth"] = depth,
            ["data"] = "digits"
        });
        return path;
    }

    [Theory]
    [InlineData("12000", "1")]
    [InlineData("4", "200000")]
    public void A_small_file_that_declares_a_large_model_is_refused_in_little_memory(string width, string depth)
    {
        var path = Small(width, depth);
        var (before, peak, done) = (Environment.WorkingSet, 0L, false);
        var watch = new Thread(() =>
        {
            for (; !Volatile.Read(ref done); Thread.Sleep(5)) peak = Math.Max(peak, Environment.WorkingSet);
        });
        watch.Start();
        var line = Refusal(() => EvaluateCommand.Run(Repository.Find(), new(path, null, "cpu", _folder["p"])));
        Volatile.Write(ref done, true);
        watch.Join();
        Assert.Contains("declares a model", line);
        Assert.InRange(peak - before, long.MinValue, 256L << 20);   // libtorch itself, where this is its first use
    }

    [Theory]
    [InlineData("2000000000")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("two\u001b[2J")]
    public void A_stored_number_of_threads_that_no_machine_has_is_refused(string threads)
    {
        Train(Request());
        using (var scope = NewDisposeScope())
        {
            var (tensors, metadata) = Safetensors.Load(Checkpoint);
            metadata["threads"] = threads;
            Safetensors.Save(Checkpoint, tensors, metadata);
        }
        var before = File.ReadAllBytes(Checkpoint);
        var line = Refusal(() => TrainCommand.Run(Repository.Find(), Request(resume: true, steps: 6) with
        { Threads = null }, default));
        Assert.Contains("--threads", line);
        Assert.DoesNotContain(line, char.IsControl);
        Assert.Equal(before, File.ReadAllBytes(Checkpoint));
        Assert.Contains("from 1 to", Refusal(() =>
            TrainCommand.Run(Repository.Find(), Request() with { Threads = 2_000_000_000 }, default)));
        Assert.Equal(0, Train(Request(resume: true, steps: 6)).Code);
    }

    [Fact]
    public void A_training_into_a_file_that_another_process_trains_into_says_so_and_nothing_is_lost()
    {
        var request = Request(steps: 1_000_000);
        using var other = Process.Start(new ProcessStartInfo("dotnet",
        [
            typeof(TrainCommand).Assembly.Location, "train", request.Model, "--data", request.Set, "--budget", "quick",
            "--device", "cpu", "--seed", "1", "--steps", "1000000", "--batch", "16", "--width", "4", "--depth", "1",
            "--threads", "1", "--output", Checkpoint,
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            other.OutputDataReceived += (_, _) => { };
            other.ErrorDataReceived += (_, _) => { };
            other.BeginOutputReadLine();
            other.BeginErrorReadLine();
            for (var patience = Stopwatch.StartNew(); !File.Exists(Checkpoint) && patience.Elapsed < TimeSpan.FromMinutes(3);)
                Thread.Sleep(20);
            foreach (var resume in (bool[])[false, true])
            {
                var line = Refusal(() => TrainCommand.Run(Repository.Find(), request with { Resume = resume }, default));
                Assert.Matches($"m.safetensors is being written by process {other.Id} since .*--output", line);
            }
            Assert.False(other.HasExited);
        }
        finally
        {
            other.Kill();
            other.WaitForExit();
        }
        using var scope = NewDisposeScope();
        var reached = long.Parse(Safetensors.Load(Checkpoint).Metadata["step"]);
        Assert.Equal(0, Train(request with { Resume = true, Steps = reached }).Code);   // the lock went with its process
        Assert.Equal([_folder["m.csv"], Checkpoint], Directory.GetFileSystemEntries(_folder.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_table_of_the_users_in_the_logs_place_is_left_alone()
    {
        var table = _folder.Write("m.csv", "a,b\n1,2\n");
        Assert.Contains("no log of a training run", Refusal(() => TrainCommand.Run(Repository.Find(), Request(), default)));
        Assert.Contains("the log's name",
            Refusal(() => TrainCommand.Run(Repository.Find(), Request() with { Output = table }, default)));
        Assert.Equal("a,b\n1,2\n", File.ReadAllText(table));
        Assert.Equal([table], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_pipe_in_a_checkpoints_place_is_not_waited_for()
    {
        Assert.SkipUnless(Pipe.Exists, "needs a system where pipes are files");
        Pipe.At(Checkpoint);
        Pipe.NotAwaited(() =>
        {
            Assert.Contains("a pipe", Refusal(() => EvaluateCommand.Run(Repository.Find(), new(Checkpoint, null, "cpu", null))));
            Assert.Contains("a pipe", Refusal(() => TrainCommand.Run(Repository.Find(), Request(resume: true), default)));
        });
    }
}
