using System.CommandLine;
using System.Globalization;
using RealNvp.Chapters;
using RealNvp.Flows;
using RealNvp.Flows.Models;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Training;
using RealNvp.Workbook.ImageModels;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Workbook.Commands;

/// <summary>`train`: fits a flow to images, with a log and checkpoints in artifacts/models/.</summary>
internal static class TrainCommand
{
    /// <summary>What the command line asks for; null takes the budget's.</summary>
    internal sealed record Request(string Model, string Set, Budget Budget, string Device, bool Resume, string? Output, long Seed,
        long? Steps = null, int? Batch = null, int? Width = null, int? Depth = null, double? Rate = null, int? Threads = null,
        string Precision = "auto");

    internal static Command Build(Func<Func<Repository, Task<int>>, Task<int>> prepared)
    {
        var model = new Argument<string>("model") { Description = string.Join(", ", ImageModel.Kinds) };
        var set = new Option<string>("--data")
        {
            Description = string.Join(", ", ImageSet.Names),
            DefaultValueFactory = _ => "fashion-mnist"
        };
        var budget = new Option<string?>("--budget")
        {
            Description = "quick (default: a minute or two), full (an hour or two on two cores) or gpu"
        };
        var device = new Option<string>("--device") { Description = "cpu, cuda or auto", DefaultValueFactory = _ => "auto" };
        var resume = new Option<bool>("--resume") { Description = "go on from the checkpoint where there is one" };
        var output = new Option<string?>("--output")
        {
            Description = "the checkpoint (.safetensors); default: artifacts/models/MODEL-DATA-BUDGET.safetensors"
        };
        var seed = new Option<long>("--seed") { Description = "determines weights, order, noise", DefaultValueFactory = _ => 0 };
        var steps = new Option<long?>("--steps") { Description = "updates, in place of the budget's" };
        var batch = new Option<int?>("--batch") { Description = "images in a batch" };
        var width = new Option<int?>("--width") { Description = "feature maps or hidden units" };
        var depth = new Option<int?>("--depth") { Description = "residual blocks, steps of a scale, or hidden layers" };
        var rate = new Option<double?>("--rate") { Description = "peak learning rate" };
        var threads = new Option<int?>("--threads")
        {
            Description = "threads on the CPU; default: OMP_NUM_THREADS, or the number that a short trial finds fastest"
        };
        var precision = new Option<string>("--precision")
        {
            Description = "of the convolutions: float32, bfloat16 (faster where the hardware has it), or auto: bfloat16 under "
            + "the gpu budget on a GPU",
            DefaultValueFactory = _ => "auto"
        };
        var command = new Command("train", "fit a flow to images") { model, set, budget, device, resume, output, seed, steps,
            batch, width, depth, rate, threads, precision };
        command.SetAction((parsed, cancel) => prepared(repository => Task.Run(() => Run(repository,
            new(parsed.GetRequiredValue(model), parsed.GetRequiredValue(set), BudgetOption.Parse(parsed.GetValue(budget)),
            parsed.GetRequiredValue(device),
                parsed.GetValue(resume), parsed.GetValue(output), parsed.GetValue(seed), parsed.GetValue(steps),
                parsed.GetValue(batch),
                parsed.GetValue(width), parsed.GetValue(depth), parsed.GetValue(rate), parsed.GetValue(threads),
                parsed.GetRequiredValue(precision)), cancel), CancellationToken.None)));
        return command;
    }

    /// <returns>1 where the run was stopped before its end.</returns>
    /// <exception cref="UserException">A word is not known, data are missing, the checkpoint is in the way or damaged, the disk
    /// is full, training diverged.</exception>
    internal static int Run(Repository repository, Request request, CancellationToken cancel)
    {
        TorchLibrary.Load();
        var device = Devices.Of(request.Device);
        if (request.Threads is { } threads && (threads < 1 || threads > ThreadCount.Most))
            throw new UserException($"expected --threads from 1 to {ThreadCount.Most}, got {threads}");
        if (!ImageModel.Kinds.Contains(request.Model))
            throw new UserException($"expected a model {string.Join(", ", ImageModel.Kinds)}, got \"{request.Model}\"");
        using var set = ImageSet.Load(request.Set);
        var path = Path.GetFullPath(request.Output
            ?? Path.Combine(repository.Artifacts, "models", $"{request.Model}-{set.Name}-{request.Budget}.safetensors"));
        using var files = TrainingFiles.Take(path, request.Resume);
        var plan = Asked(TrainingPlan.For(request.Model, set, request.Budget, request.Seed), request, device);
        if (plan.Options.BFloat16Convolutions && device.type == DeviceType.CPU
            && ConvolutionPrecision.Advice(ConvolutionPrecision.CpuInfo()) is { } advice)
            Console.WriteLine(advice);
        return Failures.Explained(path, () => OnThreads(set, plan, device, path, request, cancel));
    }

    private static int OnThreads(ImageSet set, TrainingPlan plan, Device device, string path, Request request,
        CancellationToken cancel)
    {
        var before = get_num_threads();
        if (device.type == DeviceType.CPU)
            set_num_threads(ThreadCount.For(plan, set, request.Threads, request.Resume && File.Exists(path) ? path : null));
        try
        {
            return Train(set, plan, device, path, request, cancel);
        }
        finally
        {
            set_num_threads(before);
        }
    }

    private static TrainingPlan Asked(TrainingPlan plan, Request request, Device device) => new(
        plan.Model with { Width = request.Width ?? plan.Model.Width, Depth = request.Depth ?? plan.Model.Depth },
        plan.Options with
        {
            Steps = request.Steps ?? plan.Options.Steps,
            BatchSize = request.Batch ?? plan.Options.BatchSize,
            LearningRate = request.Rate ?? plan.Options.LearningRate,
            BFloat16Convolutions = ConvolutionPrecision.IsBFloat16(request.Precision, request.Budget, device.type),
        });

    private static int Train(ImageSet set, TrainingPlan plan, Device device, string path, Request request,
        CancellationToken cancel)
    {
        manual_seed(request.Seed);
        using var flow = plan.Model.Build();
        flow.to(device);
        var inBFloat16 = plan.Options.BFloat16Convolutions && flow.modules().OfType<WeightNormConv2d>().Any();
        Console.WriteLine($"{plan.Model}, {flow.ParameterCount():n0} parameters; {set.Train.size(0):n0} images of {set.Name}; "
            + $"{plan.Options.Steps:n0} steps of "
            + $"{plan.Options.BatchSize}; {Named(device)}{(inBFloat16 ? ", bfloat16 convolutions" : "")}; budget "
            + $"{request.Budget}; seed {request.Seed}");
        var log = TrainingFiles.LogOf(path);
        using var line = new TrainingLine(set);
        var options = plan.Options with
        {
            Checkpoint = path,
            Resume = request.Resume,
            Cancellation = cancel,
            Progress = line.Show,
            Saved = (_, course) => course.SaveCsv(log),
            Metadata = new Dictionary<string, string>(plan.Model.ToMetadata())
            {
                ["data"] = set.Name,
                ["budget"] = request.Budget.Name,
                ["seed"] = request.Seed.ToString(CultureInfo.InvariantCulture),
                ["device"] = device.ToString(),
                [ThreadCount.Key] = get_num_threads().ToString(CultureInfo.InvariantCulture),
            },
        };
        var result = Trainer.Fit(flow, set.Train, set.HeldOut, options);
        line.Dispose();
        var best = result.BestHeldOutLoss is { } loss && double.IsFinite(loss)
            ? $"; held out {BitsPerDim.Of(loss, flow.Dimension, set.Levels):f4} bits/dim at step {result.BestStep}" : "";
        Console.WriteLine($"{(result.Outcome == TrainingOutcome.Cancelled ? "stopped" : "done")} after {result.Steps:n0} "
            + $"steps, {(long)result.Duration.TotalHours}:{result.Duration:mm\\:ss}{best}");
        Console.WriteLine($"checkpoint {path}, log {log}");
        if (result.Outcome != TrainingOutcome.Cancelled)
        {
            Console.WriteLine($"./workbook evaluate \"{Path.GetRelativePath(Environment.CurrentDirectory, path)}\" judges it");
            return ExitCode.Success;
        }
        Console.Error.WriteLine("workbook: stopped before the end; the same command with --resume goes on");
        return ExitCode.Failure;
    }

    private static string Named(Device device) => device.type != DeviceType.CPU ? device.ToString()
        : get_num_threads() is var n && n == 1 ? $"{device}, 1 thread" : $"{device}, {n} threads";
}
