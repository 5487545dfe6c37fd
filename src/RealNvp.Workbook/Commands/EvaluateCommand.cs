using System.CommandLine;
using System.Globalization;
using RealNvp.Flows;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Evaluation;
using RealNvp.Flows.Models;
using RealNvp.Workbook.ImageModels;
using TorchSharp;

namespace RealNvp.Workbook.Commands;

/// <summary>
/// `evaluate`: judges a trained flow on images that training did not see, with pictures in artifacts/evaluation/.
/// </summary>
internal static class EvaluateCommand
{
    /// <summary>What the command line asks for.</summary>
    internal sealed record Request(string Checkpoint, string? Set, string Device, string? Output, int? Images = null,
        int Draws = 1, long Seed = 0, string? Export = null);

    internal static Command Build(Func<Func<Repository, Task<int>>, Task<int>> prepared)
    {
        var checkpoint = new Argument<string>("checkpoint")
        {
            Description = "what ./workbook train wrote, or weights from data/checkpoints"
        };
        var set = new Option<string?>("--data")
        {
            Description = $"{string.Join(", ", ImageSet.Names)}; default: the set that it was trained on"
        };
        var device = new Option<string>("--device") { Description = "cpu, cuda or auto", DefaultValueFactory = _ => "auto" };
        var output = new Option<string?>("--output")
        {
            Description = "folder of the pictures; default: artifacts/evaluation/CHECKPOINT"
        };
        var images = new Option<int?>("--images") { Description = "test images to take; default: all" };
        var draws = new Option<int>("--draws")
        {
            Description = "draws of the dequantisation noise for each image",
            DefaultValueFactory = _ => 1
        };
        var seed = new Option<long>("--seed") { Description = "of the noise and the samples" };
        var export = new Option<string?>("--export")
        {
            Description = "also write the weights alone, in half precision, to this file"
        };
        var command = new Command("evaluate", "judge a trained flow: bits/dim, inverse error, samples, other data")
        {
            checkpoint, set, device, output, images, draws, seed, export,
        };
        command.SetAction(parsed => prepared(repository => Task.Run(() => Run(repository,
            new(parsed.GetRequiredValue(checkpoint), parsed.GetValue(set), parsed.GetRequiredValue(device),
            parsed.GetValue(output), parsed.GetValue(images),
                parsed.GetValue(draws), parsed.GetValue(seed), parsed.GetValue(export))), CancellationToken.None)));
        return command;
    }

    /// <exception cref="UserException">The checkpoint is missing, damaged or of another kind of images, data are missing, or a
    /// word is not known.</exception>
    internal static int Run(Repository repository, Request request)
    {
        TorchLibrary.Load();
        var device = Devices.Of(request.Device);
        if (request.Draws < 1) throw new UserException($"--draws is at least 1, got {request.Draws}");
        if (request.Images is < 2)
            throw new UserException($"--images is at least 2, got {request.Images}: a standard error needs two");
        var path = Path.GetFullPath(request.Checkpoint);
        return Failures.Explained(path, () =>
        {
            var (flow, model, metadata) = ImageModel.Load(path);
            using var kept = flow;
            using var set = Suiting(model, request.Set ?? metadata.GetValueOrDefault("data"), path);
            flow.to(device);
            var folder = request.Output
                ?? Path.Combine(repository.Artifacts, "evaluation", Path.GetFileNameWithoutExtension(path));
            Console.WriteLine($"{model}, {flow.ParameterCount():n0} parameters, trained on "
                + $"{Shown.Text(metadata.GetValueOrDefault("data", "data that the file does not name"))}; {device}");
            var bits = new Evaluation(flow, set, device, request.Seed).Run(request.Images, request.Draws, folder);
            if (request.Export is { } file) Export(flow, model, metadata, bits, Path.GetFullPath(file));
            return ExitCode.Success;
        });
    }

    private static void Export(Flow flow, ImageModel model, IReadOnlyDictionary<string, string> metadata, BitsPerDimension bits,
        string file)
    {
        if (File.Exists(file)) throw new UserException($"{file} is there already: name another file with --export");
        string[] kept = ["data", "budget", "seed", "device", "step", "best_step", "settings"];
        var more = metadata.Where(p => kept.Contains(p.Key)).ToDictionary(p => p.Key, p => p.Value);
        more["test_bits_per_dim"] = bits.Mean.ToString("f4", CultureInfo.InvariantCulture);
        more["test_standard_error"] = bits.StandardError.ToString("f4", CultureInfo.InvariantCulture);
        more["test_images"] = bits.Count.ToString(CultureInfo.InvariantCulture);
        model.Save(flow, file, more, half: true);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{file}: weights in half precision, {new FileInfo(file).Length / 1e6:f2} MB"));
    }

    private static ImageSet Suiting(ImageModel model, string? name, string path)
    {
        if (name is null)
            throw new UserException($"{path} does not say what it was trained on: name a data set with --data "
                + $"({string.Join(", ", ImageSet.Names)})");
        var set = ImageSet.Load(name);
        if (set.Shape.SequenceEqual(model.Shape) && set.Levels == model.Levels) return set;
        var found = $"[{string.Join(", ", set.Shape)}] of {set.Levels} levels";
        set.Dispose();
        throw new UserException($"{path} is a model of images [{string.Join(", ", model.Shape)}] of {model.Levels} levels, but "
            + $"those of {name} are {found}");
    }
}
