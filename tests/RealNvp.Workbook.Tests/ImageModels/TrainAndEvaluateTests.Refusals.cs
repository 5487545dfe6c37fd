using System.Runtime.InteropServices;
using RealNvp.Chapters;
using RealNvp.Workbook.Commands;
using RealNvp.Workbook.ImageModels;
using RealNvp.Workbook.Setup;
using static TorchSharp.torch;

namespace RealNvp.Workbook.Tests.ImageModels;

public sealed partial class TrainAndEvaluateTests
{
    [Fact]
    public void Memory_that_is_not_there_and_a_device_that_fails_get_a_line_and_leave_the_checkpoint()
    {
        Train(Request());
        var before = File.ReadAllBytes(Checkpoint);
        // One weight of it has more bytes than an address space: no machine can allocate it, and none tries for long.
        var line = Refusal(() => TrainCommand.Run(Repository.Find(), Request(resume: true) with { Width = 3_000_000 }, default));
        Assert.Contains("this machine's memory", line);
        Assert.Contains("--batch", line);
        Assert.Contains("is whole", line);
        Assert.Equal(before, File.ReadAllBytes(Checkpoint));
        foreach (var (said, expected) in ((string, string)[])
        [
            ("CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 7.79 GiB total capacity)", "the device's memory"),
            ("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`", "the device's memory"),
            ("CUDA error: unspecified launch failure\nCUDA kernel errors might be asynchronously reported",
            "the GPU failed: CUDA error: unspecified launch failure. The last"),
            ("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED", "the GPU failed"),
        ])
        {
            var explained = Refusal(() => Failures.Explained<int>(Checkpoint, () => throw new ExternalException(said)));
            Assert.Contains(expected, explained);
            Assert.Contains("is whole: --resume", explained);
        }
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_refused_before_the_first_step()
    {
        foreach (var output in (string[])[_folder.Path, _folder.Path + "/new/", _folder.Write("file", "") + "/m.safetensors"])
        {
            var line = Refusal(() => TrainCommand.Run(Repository.Find(), Request() with { Output = output }, default));
            Assert.Contains("--output", line);
            Assert.Contains(_folder.Path, line);
        }
        Assert.Equal([_folder["file"]], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_resumed_run_keeps_its_number_of_threads()
    {
        var before = get_num_threads();
        Assert.Contains("2 threads", Train(Request() with { Threads = 2 }).Text);
        Assert.Contains("2 threads", Train(Request(resume: true, steps: 6) with { Threads = null }).Text);
        Assert.Contains("1 thread;", Train(Request(resume: true, steps: 8)).Text);
        Assert.Contains("--threads", Refusal(() => TrainCommand.Run(Repository.Find(), Request() with { Threads = 0 }, default)));
        using (var set = ImageSet.Load("digits"))
        {
            var plan = TrainingPlan.For("realnvp", set, Budget.Quick, seed: 0);
            Assert.Contains(ThreadCount.Fastest(plan with { Model = plan.Model with { Width = 4 } }, set),
                ThreadCount.Candidates(Environment.ProcessorCount));
        }
        Assert.Equal(before, get_num_threads());
        Assert.Equal([1, 2, 4, 6], ThreadCount.Candidates(6));
        Assert.Equal([1], ThreadCount.Candidates(1));
    }

    [Fact]
    public void A_checkpoint_is_not_written_over_without_being_asked()
    {
        Train(Request());
        var before = File.ReadAllBytes(Checkpoint);
        var line = Refusal(() => TrainCommand.Run(Repository.Find(), Request(), default));
        Assert.Contains(Checkpoint, line);
        Assert.Contains("--resume", line);
        Assert.Equal(before, File.ReadAllBytes(Checkpoint));
    }

    [Fact]
    public void A_full_disk_leaves_the_last_good_checkpoint()
    {
        Assert.SkipWhen(Tool.Find("bwrap") is null, "needs bubblewrap, for a small disk");
        var disk = Directory.CreateDirectory(_folder["disk"]).FullName;
        var train = $"'{Path.ChangeExtension(typeof(TrainCommand).Assembly.Location, null)}' train realnvp --data digits --device cpu "
            + $"--budget quick --batch 16 --width 4 --depth 1 --threads 1 --output '{disk}/m.safetensors'";
        var (_, printed) = Tool.Capture("bwrap", ["--dev-bind", "/", "/", "--size", $"{8 << 20}", "--tmpfs", disk, "sh", "-c", $$"""
            exec 2>&1
            {{train}} --steps 4 >'{{_folder["log"]}}' || exit
            cp '{{disk}}/m.safetensors' '{{_folder["before"]}}'
            cat /dev/zero >'{{disk}}/full'
            {{train}} --resume --steps 6 && echo "it went on"
            cmp '{{disk}}/m.safetensors' '{{_folder["before"]}}' && rm '{{disk}}/full' && {{train}} --resume --steps 6
            """], TimeSpan.FromMinutes(5));
        Assert.Matches($"workbook: .*No space left.*{disk}/m.safetensors.*is whole", printed);
        Assert.True(printed.Contains("done after 6 steps", StringComparison.Ordinal), printed);
    }

    [Fact]
    public void A_truncated_checkpoint_is_named_and_left_alone()
    {
        Train(Request());
        File.WriteAllBytes(Checkpoint, File.ReadAllBytes(Checkpoint)[..^100]);
        foreach (var line in (string[])
        [
            Refusal(() => TrainCommand.Run(Repository.Find(), Request(resume: true), default)),
            Refusal(() => EvaluateCommand.Run(Repository.Find(), new(Checkpoint, null, "cpu", _folder["p"]))),
        ])
        {
            Assert.Contains(Checkpoint, line);
            Assert.Contains("truncated", line);
        }
    }

    [Fact]
    public void Wrong_words_missing_data_and_a_missing_gpu_get_one_line()
    {
        var repository = Repository.Find();
        Assert.Contains("realnvp, nice", Refusal(() => TrainCommand.Run(repository, Request("gan"), default)));
        Assert.Contains("digits, fashion-mnist",
            Refusal(() => TrainCommand.Run(repository, Request() with { Set = "cifar" }, default)));
        Assert.Contains("cpu, cuda or auto",
            Refusal(() => TrainCommand.Run(repository, Request() with { Device = "tpu" }, default)));
        if (!cuda.is_available())
            Assert.Contains("--device cpu",
                Refusal(() => TrainCommand.Run(repository, Request() with { Device = "cuda" }, default)));
        if (!RealNvp.Chapters.Catalogue.Mnist.IsPresent)
            Assert.Contains("train-images-idx3-ubyte",
                Refusal(() => TrainCommand.Run(repository, Request() with { Set = "mnist" }, default)));
        Assert.Contains("no file",
            Refusal(() => EvaluateCommand.Run(repository, new(_folder["none.safetensors"], null, "cpu", null))));
        Train(Request());
        Assert.Contains("another run",
            Refusal(() => TrainCommand.Run(repository, Request(resume: true) with { Seed = 2 }, default)));
        if (RealNvp.Chapters.Catalogue.FashionMnist.IsPresent)
            Assert.Contains("[1, 8, 8] of 17 levels",
                Refusal(() => EvaluateCommand.Run(repository, new(Checkpoint, "fashion-mnist", "cpu", null))));
    }
}

/// <summary>Tests that capture the console and seed torch's global generator run while no others do.</summary>
[CollectionDefinition("console", DisableParallelization = true)]
public sealed class ConsoleCollection;
