using System.Diagnostics;
using System.Runtime.InteropServices;
using RealNvp.Flows.Training;
using RealNvp.Workbook.Commands;
using RealNvp.Workbook.ImageModels;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Workbook.Tests.ImageModels;

/// <summary>`train` and `evaluate` on the digits, as a user would run them, and what may go wrong.</summary>
[Collection("console")]
public sealed class TrainAndEvaluateTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    private string Checkpoint => folder["m.safetensors"];

    private TrainCommand.Request Request(string model = "realnvp", bool resume = false, long steps = 4) =>
        new(model, "digits", Budget.Quick, "cpu", resume, Checkpoint, Seed: 1, steps, Batch: 16, Width: 4, Depth: 1, Threads: 1);

    private static (int Code, string Text) Train(TrainCommand.Request request, CancellationToken cancel = default) =>
        Printed.By(() => TrainCommand.Run(Repository.Find(), request, cancel));

    private static string Refusal(Action work)
    {
        var line = "";
        Printed.By(() =>
        {
            line = Assert.Throws<UserException>(work).Message;
            return 1;
        });
        Assert.DoesNotContain('\n', line);
        return line;
    }

    [Theory]
    [InlineData("realnvp")]
    [InlineData("nice")]
    [InlineData("glow")]
    [InlineData("spline")]
    public void Every_model_is_trained_and_judged(string model)
    {
        var (code, text) = Train(Request(model));
        Assert.Equal(0, code);
        Assert.Contains("done after 4 steps", text);
        Assert.Contains("bits/dim", text);
        Assert.StartsWith("step,train_loss,held_out_loss", File.ReadAllText(folder["m.csv"]));
        var (judged, report) = Printed.By(() => EvaluateCommand.Run(Repository.Find(),
            new(Checkpoint, null, "cpu", folder["pictures"], Images: 20, Draws: 2, Export: folder["small.safetensors"])));
        Assert.Equal(0, judged);
        Assert.Matches(@"digits test: -?\d+\.\d{4} bits/dim, standard error \d+\.\d{4}.*20 images, 2 dequantisation samples", report);
        Assert.Contains("importance-weighted over 2", report);
        Assert.Contains("grey levels", report);
        Assert.Contains("AUROC", report);
        Assert.True(new FileInfo(folder["small.safetensors"]).Length < new FileInfo(Checkpoint).Length / 4);   // best, averages, last and two moments there
        Assert.Equal(0, Printed.By(() => EvaluateCommand.Run(Repository.Find(), new(folder["small.safetensors"], null, "cpu", folder["again"], Images: 20))).Code);
        Assert.Matches(@"^-?\d+\.\d{4}$", Safetensors.Load(folder["small.safetensors"]).Metadata["test_bits_per_dim"]);
        foreach (var picture in (string[])["samples.png", "nearest.png", "interpolation.png"])
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(Path.Combine(folder["pictures"], picture))[..4]);
    }

    [Theory]
    [InlineData("float32")]
    [InlineData("bfloat16")]
    public void A_resumed_run_ends_bit_for_bit_as_one_that_was_not_stopped(string precision)
    {
        TrainCommand.Request Request(long steps, bool resume = false) => this.Request(steps: steps, resume: resume) with { Precision = precision };
        Assert.Equal(precision == "bfloat16", Train(Request(steps: 8) with { Output = folder["whole.safetensors"] }).Text.Contains("bfloat16 convolutions", StringComparison.Ordinal));
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var (code, text) = Train(Request(steps: 8), stop.Token);   // stopped before its first step
        Assert.Equal(1, code);
        Assert.Contains("--resume", text);
        Assert.Equal(0, Train(Request(steps: 8, resume: true)).Code);
        using var scope = NewDisposeScope();
        var (a, b) = (Safetensors.Load(folder["whole.safetensors"]).Tensors, Safetensors.Load(Checkpoint).Tensors);
        Assert.Equal(a.Keys.Order(), b.Keys.Order());
        foreach (var (name, tensor) in a) Assert.True(tensor.Equals(b[name]), $"{name} differs");
    }

    [Fact]
    public void A_run_is_not_resumed_in_another_precision()
    {
        Train(Request(steps: 2));
        Assert.Contains("bfloat16", Refusal(() => TrainCommand.Run(Repository.Find(), Request(steps: 4, resume: true) with { Precision = "bfloat16" }, default)));
    }

    [Fact]
    public void Precision_is_a_word_and_what_it_costs_without_the_instructions_is_said()
    {
        Assert.Contains("got \"half\"", Refusal(() => TrainCommand.Run(Repository.Find(), Request() with { Precision = "half" }, default)));
        Assert.True(ConvolutionPrecision.IsBFloat16("auto", Budget.Gpu, DeviceType.CUDA));
        Assert.False(ConvolutionPrecision.IsBFloat16("auto", Budget.Gpu, DeviceType.CPU));
        Assert.False(ConvolutionPrecision.IsBFloat16("auto", Budget.Full, DeviceType.CUDA));
        Assert.Null(ConvolutionPrecision.Advice("flags\t\t: fpu avx512f avx512_bf16 amx_tile\n"));
        Assert.Null(ConvolutionPrecision.Advice("Features\t: fp asimd i8mm bf16 dgh\n"));
        Assert.Contains("float32 is faster", ConvolutionPrecision.Advice("flags\t\t: fpu avx2 avx512f\n"));
    }

    [Fact]
    public void A_killed_process_loses_nothing_but_the_steps_since_its_last_checkpoint()
    {
        var request = Request(steps: 130);
        Train(request with { Output = folder["whole.safetensors"] });
        string[] arguments =
        [
            typeof(TrainCommand).Assembly.Location, "train", request.Model, "--data", request.Set, "--budget", "quick", "--device", "cpu", "--seed", "1", "--steps", "130",
            "--batch", "16", "--width", "4", "--depth", "1", "--threads", "1", "--output", Checkpoint,
        ];
        using (var child = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!)
        {
            child.OutputDataReceived += (_, _) => { };
            child.ErrorDataReceived += (_, _) => { };
            child.BeginOutputReadLine();
            child.BeginErrorReadLine();
            var patience = Stopwatch.StartNew();
            while (!File.Exists(Checkpoint) && !child.HasExited && patience.Elapsed < TimeSpan.FromSeconds(120)) Thread.Sleep(2);
            child.Kill();
            child.WaitForExit();
        }
        using var scope = NewDisposeScope();
        var reached = long.Parse(Safetensors.Load(Checkpoint).Metadata["step"]);
        Assert.InRange(reached, 50, 129);
        Assert.Equal(0, Train(request with { Resume = true }).Code);
        Assert.Equal(File.ReadAllBytes(folder["whole.safetensors"]), File.ReadAllBytes(Checkpoint));
    }

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
            ("CUDA error: unspecified launch failure\nCUDA kernel errors might be asynchronously reported", "the GPU failed: CUDA error: unspecified launch failure. The last"),
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
        foreach (var output in (string[])[folder.Path, folder.Path + "/new/", folder.Write("file", "") + "/m.safetensors"])
        {
            var line = Refusal(() => TrainCommand.Run(Repository.Find(), Request() with { Output = output }, default));
            Assert.Contains("--output", line);
            Assert.Contains(folder.Path, line);
        }
        Assert.Equal([folder["file"]], Directory.GetFileSystemEntries(folder.Path));
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
            Assert.Contains(ThreadCount.Fastest(plan with { Model = plan.Model with { Width = 4 } }, set), ThreadCount.Candidates(Environment.ProcessorCount));
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
        if (!File.Exists("/dev/full")) return;   // the device that has no room, on Linux
        Train(Request());
        var before = File.ReadAllBytes(Checkpoint);
        File.CreateSymbolicLink(folder[".m.safetensors.tmp"], "/dev/full");
        var line = Refusal(() => TrainCommand.Run(Repository.Find(), Request(resume: true, steps: 6), default));
        Assert.Contains("No space left", line);
        Assert.Contains(Checkpoint, line);
        Assert.Contains("is whole", line);
        Assert.Equal(before, File.ReadAllBytes(Checkpoint));
        Assert.Equal(0, Train(Request(resume: true, steps: 6)).Code);
    }

    [Fact]
    public void A_truncated_checkpoint_is_named_and_left_alone()
    {
        Train(Request());
        File.WriteAllBytes(Checkpoint, File.ReadAllBytes(Checkpoint)[..^100]);
        foreach (var line in (string[])
        [
            Refusal(() => TrainCommand.Run(Repository.Find(), Request(resume: true), default)),
            Refusal(() => EvaluateCommand.Run(Repository.Find(), new(Checkpoint, null, "cpu", folder["p"]))),
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
        Assert.Contains("digits, fashion-mnist", Refusal(() => TrainCommand.Run(repository, Request() with { Set = "cifar" }, default)));
        Assert.Contains("cpu, cuda or auto", Refusal(() => TrainCommand.Run(repository, Request() with { Device = "tpu" }, default)));
        if (!cuda.is_available()) Assert.Contains("--device cpu", Refusal(() => TrainCommand.Run(repository, Request() with { Device = "cuda" }, default)));
        if (!RealNvp.Flows.Data.Catalogue.Mnist.IsPresent)
            Assert.Contains("train-images-idx3-ubyte", Refusal(() => TrainCommand.Run(repository, Request() with { Set = "mnist" }, default)));
        Assert.Contains("no file", Refusal(() => EvaluateCommand.Run(repository, new(folder["none.safetensors"], null, "cpu", null))));
        Train(Request());
        Assert.Contains("another run", Refusal(() => TrainCommand.Run(repository, Request(resume: true) with { Seed = 2 }, default)));
        if (RealNvp.Flows.Data.Catalogue.FashionMnist.IsPresent)
            Assert.Contains("[1, 8, 8] of 17 levels", Refusal(() => EvaluateCommand.Run(repository, new(Checkpoint, "fashion-mnist", "cpu", null))));
    }
}

/// <summary>Tests that capture the console and seed torch's global generator run while no others do.</summary>
[CollectionDefinition("console", DisableParallelization = true)]
public sealed class ConsoleCollection;
