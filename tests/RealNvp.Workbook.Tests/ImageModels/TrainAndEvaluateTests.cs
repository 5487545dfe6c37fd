using System.Diagnostics;
using RealNvp.Chapters;
using RealNvp.Flows.Training;
using RealNvp.Workbook.Commands;
using RealNvp.Workbook.ImageModels;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Workbook.Tests.ImageModels;

/// <summary>`train` and `evaluate` on the digits, as a user would run them, and what may go wrong.</summary>
[Collection("console")]
public sealed partial class TrainAndEvaluateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Checkpoint => _folder["m.safetensors"];

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
    [InlineData("tarflow")]
    public void Every_model_is_trained_and_judged(string model)
    {
        var (code, text) = Train(Request(model));
        Assert.Equal(0, code);
        Assert.Contains("done after 4 steps", text);
        Assert.Contains("bits/dim", text);
        Assert.StartsWith("step,train_loss,held_out_loss", File.ReadAllText(_folder["m.csv"]));
        var (judged, report) = Printed.By(() => EvaluateCommand.Run(Repository.Find(),
            new(Checkpoint, null, "cpu", _folder["pictures"], Images: 20, Draws: 2, Export: _folder["small.safetensors"])));
        Assert.Equal(0, judged);
        Assert.Matches(@"digits test: -?\d+\.\d{4} bits/dim, standard error \d+\.\d{4}.*20 images, 2 dequantisation samples",
            report);
        Assert.Contains("importance-weighted over 2", report);
        Assert.Contains("grey levels", report);
        Assert.Contains("AUROC", report);
        Assert.True(Numbers(Checkpoint) > 4 * Numbers(_folder["small.safetensors"]));   // best, averages, last and two moments there
        Assert.Equal(0, Printed.By(() =>
            EvaluateCommand.Run(Repository.Find(), new(_folder["small.safetensors"], null, "cpu", _folder["again"], Images: 20)))
                .Code);
        Assert.Matches(@"^-?\d+\.\d{4}$", Safetensors.Load(_folder["small.safetensors"]).Metadata["test_bits_per_dim"]);
        foreach (var picture in (string[])["samples.png", "nearest.png", "interpolation.png"])
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'],
                File.ReadAllBytes(Path.Combine(_folder["pictures"], picture))[..4]);
    }

    private static double Numbers(string path) => Safetensors.Load(path).Tensors.Values.Sum(tensor => tensor.numel());

    [Theory]
    [InlineData("float32")]
    [InlineData("bfloat16")]
    public void A_resumed_run_ends_bit_for_bit_as_one_that_was_not_stopped(string precision)
    {
        TrainCommand.Request Request(long steps, bool resume = false) =>
            this.Request(steps: steps, resume: resume) with { Precision = precision };
        Assert.Equal(precision == "bfloat16", Train(Request(steps: 8) with { Output = _folder["whole.safetensors"] })
            .Text.Contains("bfloat16 convolutions", StringComparison.Ordinal));
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var (code, text) = Train(Request(steps: 8), stop.Token);   // stopped before its first step
        Assert.Equal(1, code);
        Assert.Contains("--resume", text);
        Assert.Equal(0, Train(Request(steps: 8, resume: true)).Code);
        using var scope = NewDisposeScope();
        var (a, b) = (Safetensors.Load(_folder["whole.safetensors"]).Tensors, Safetensors.Load(Checkpoint).Tensors);
        Assert.Equal(a.Keys.Order(), b.Keys.Order());
        foreach (var (name, tensor) in a) Assert.True(tensor.Equals(b[name]), $"{name} differs");
    }

    [Fact]
    public void A_run_is_not_resumed_in_another_precision()
    {
        Train(Request(steps: 2));
        Assert.Contains("bfloat16",
            Refusal(() => TrainCommand.Run(Repository.Find(), Request(steps: 4, resume: true) with { Precision = "bfloat16" },
            default)));
    }

    [Fact]
    public void Precision_is_a_word_and_what_it_costs_without_the_instructions_is_said()
    {
        Assert.Contains("got \"half\"",
            Refusal(() => TrainCommand.Run(Repository.Find(), Request() with { Precision = "half" }, default)));
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
        Train(request with { Output = _folder["whole.safetensors"] });
        string[] arguments =
        [
            typeof(TrainCommand).Assembly.Location, "train", request.Model, "--data", request.Set, "--budget", "quick",
                "--device", "cpu", "--seed", "1", "--steps", "130",
            "--batch", "16", "--width", "4", "--depth", "1", "--threads", "1", "--output", Checkpoint,
        ];
        using (var child = Process.Start(
            new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!)
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
        Assert.Equal(File.ReadAllBytes(_folder["whole.safetensors"]), File.ReadAllBytes(Checkpoint));
    }
}
