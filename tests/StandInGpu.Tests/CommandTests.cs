using System.Globalization;
using RealNvp.Flows.Training;
using RealNvp.Workbook;
using RealNvp.Workbook.Commands;
using RealNvp.Workbook.Tests;
using static TorchSharp.torch;

namespace StandInGpu.Tests;

/// <summary>`train` and `evaluate` with --device cuda.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    private string Checkpoint => folder["m.safetensors"];

    private TrainCommand.Request Request(string model, Budget budget, string device = "cuda") =>
        new(model, "digits", budget, device, Resume: false, Checkpoint, Seed: 1, Steps: 6, Batch: 16, Width: 4, Depth: 1, Threads: 1);

    private static string TextOf(Func<int> work)
    {
        var (code, text) = Printed.By(work);
        Assert.Equal(0, code);
        return text;
    }

    private static string Train(TrainCommand.Request request) => TextOf(() => TrainCommand.Run(Repository.Find(), request, default));

    [SkippableTheory]
    [InlineData("realnvp")]
    [InlineData("nice")]
    [InlineData("glow")]
    [InlineData("spline")]
    public void Every_model_is_trained_and_judged_there(string model)
    {
        StandIn.Needed();
        var said = Train(Request(model, Budget.Gpu));
        Assert.Contains("cuda:0", said);
        Assert.Contains("3 of the steps as one CUDA graph", said);
        Assert.Equal(model != "nice", said.Contains("bfloat16 convolutions", StringComparison.Ordinal));   // NICE has none
        var judged = TextOf(() => EvaluateCommand.Run(Repository.Find(), new(Checkpoint, null, "cuda", folder["pictures"], Images: 20, Draws: 2)));
        Assert.Contains("cuda:0", judged);
        Assert.Contains("AUROC", judged);
        Assert.True(File.Exists(Path.Combine(folder["pictures"], "samples.png")));
    }

    [SkippableFact]
    public void A_run_goes_on_where_it_stopped_there_and_on_the_cpu()
    {
        StandIn.Needed();
        var request = Request("glow", Budget.Quick);
        Train(request with { Steps = 12, Output = folder["whole.safetensors"] });
        Train(request);
        Train(request with { Steps = 12, Resume = true });
        using var scope = NewDisposeScope();
        var (whole, resumed) = (Safetensors.Load(folder["whole.safetensors"]).Tensors, Safetensors.Load(Checkpoint).Tensors);
        Assert.All(whole, t => Assert.True(t.Value.allclose(resumed[t.Key], 1e-5, 1e-6), t.Key));
        Assert.Contains("cpu", Train(request with { Steps = 14, Resume = true, Device = "cpu" }));
        Assert.Contains("cuda:0", Train(request with { Steps = 16, Resume = true, Device = "auto" }));
    }

    [SkippableTheory]
    [InlineData("CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 7.79 GiB total capacity)", "the device's memory is used up", 2_000)]
    [InlineData("CUDA error: unspecified launch failure", "the GPU failed: CUDA error: unspecified launch failure", 2_000)]
    [InlineData("CUDA error: unspecified launch failure", "the GPU failed: CUDA error: unspecified launch failure", 60_000)]
    public void A_device_that_fails_gets_a_line_and_leaves_the_checkpoint(string failure, string said, long operators)
    {
        StandIn.Needed();
        var request = Request("glow", Budget.Quick);
        Train(request);
        UserException error;
        using (StandIn.FailAfter(operators, failure))
            error = Assert.Throws<UserException>(() => Train(request with { Steps = 400, Resume = true }));
        Assert.StartsWith(said, error.Message);
        Assert.Contains("is whole: --resume goes on from it", error.Message);
        var reached = long.Parse(Safetensors.Load(Checkpoint).Metadata["step"], CultureInfo.InvariantCulture);
        Assert.Contains($"done after {reached + 2} steps", Train(request with { Steps = reached + 2, Resume = true }));
    }
}
