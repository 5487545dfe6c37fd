using System.Globalization;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Models;

/// <summary>Which flow for images, and how large: enough to build it again, and what a checkpoint says about its model.</summary>
/// <param name="Kind">realnvp, nice, glow or spline.</param>
/// <param name="Shape">[C, H, W].</param>
/// <param name="Levels">Levels of a pixel: 256 for bytes.</param>
/// <param name="Width">Feature maps of the first scale's conditioners (realnvp), of every conditioner (glow, spline), or units of a hidden layer (nice).</param>
/// <param name="Depth">Residual blocks of a conditioner (realnvp), steps of a scale (glow, spline), or hidden layers (nice).</param>
public sealed record ImageModel(string Kind, long[] Shape, int Levels, int Width, int Depth)
{
    /// <summary>The kinds.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["realnvp", "nice", "glow", "spline"];

    /// <summary>The flow, its weights drawn from torch's global generator. It takes images in [0, 1): dequantise first.</summary>
    /// <exception cref="ArgumentException">There is no such kind, or the shape does not suit it.</exception>
    public Flow Build() => Kind switch
    {
        "realnvp" => Flows.MultiScale(Shape, width: Width, blocks: Depth),
        "nice" => Flows.NiceImages(Shape, width: Width, depth: Depth),
        "glow" => Flows.Glow(Shape, steps: Depth, width: Width),
        "spline" => Flows.SplineImages(Shape, steps: Depth, width: Width),
        _ => throw new ArgumentException($"expected a model {string.Join(", ", Kinds)}, got \"{Kind}\""),
    };

    /// <summary>The description as a checkpoint's metadata.</summary>
    public IReadOnlyDictionary<string, string> ToMetadata() => new Dictionary<string, string>
    {
        ["model"] = Kind,
        ["shape"] = string.Join("x", Shape),
        ["levels"] = Text(Levels),
        ["width"] = Text(Width),
        ["depth"] = Text(Depth),
    };

    /// <summary>The description in a checkpoint's metadata.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static ImageModel FromMetadata(IReadOnlyDictionary<string, string> metadata, string path)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        string Entry(string key) => metadata.TryGetValue(key, out var value)
            ? value
            : throw new InvalidDataException($"{path} does not say what model it is of (it lacks \"{key}\"): it was not written by ./workbook train or by {nameof(ImageModel)}.{nameof(Save)}.");
        try
        {
            return new(Entry("model"), [.. Entry("shape").Split('x').Select(s => long.Parse(s, CultureInfo.InvariantCulture))],
                Number(Entry("levels")), Number(Entry("width")), Number(Entry("depth")));
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"{path} describes its model in a way that cannot be read: {e.Message}");
        }
    }

    /// <summary>Writes a flow's parameters and running statistics with this description, ready for <see cref="Load"/>.</summary>
    /// <param name="flow">A flow that <see cref="Build"/> made.</param>
    /// <param name="path">The .safetensors file.</param>
    /// <param name="more">What else the file is to say: the data set, bits/dim, the seed.</param>
    /// <param name="half">Parameters in float16, in half the space: they are read back to float32, rounded to eleven bits. Running statistics stay as they are.</param>
    public void Save(Flow flow, string path, IReadOnlyDictionary<string, string>? more = null, bool half = false)
    {
        ArgumentNullException.ThrowIfNull(flow);
        using var scope = NewDisposeScope();
        var parameters = flow.named_parameters().Select(p => p.name).ToHashSet();
        var tensors = flow.state_dict().ToDictionary(p => p.Key, p => half && parameters.Contains(p.Key) ? p.Value.detach().to(ScalarType.Float16) : p.Value);
        var metadata = new Dictionary<string, string>(more ?? new Dictionary<string, string>());
        foreach (var (key, value) in ToMetadata()) metadata[key] = value;
        Safetensors.Save(path, tensors, metadata);
    }

    /// <summary>
    /// Builds the flow that a file describes, with the file's weights, in evaluation mode. Of a training run's checkpoint it takes the best evaluated
    /// weights, else the averages, else the last.
    /// </summary>
    /// <returns>The flow, its description, and what else the file says.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is truncated or damaged, or does not say what model it is of.</exception>
    public static (Flow Flow, ImageModel Model, IReadOnlyDictionary<string, string> Metadata) Load(string path)
    {
        using var scope = NewDisposeScope();
        var (tensors, metadata) = Safetensors.Load(path);
        var model = FromMetadata(metadata, path);
        var state = torch.get_rng_state();
        var flow = model.Build();
        torch.set_rng_state(state);   // what is loaded draws nothing
        Weights.Copy(Chosen(tensors), flow, path);
        flow.eval();
        return (flow, model, metadata);
    }

    /// <summary>Loads one of the trained models in the repository's folder data/checkpoints, whose README tells how each was trained.</summary>
    /// <param name="name">Its file's name, without the ending.</param>
    /// <inheritdoc cref="Load"/>
    public static (Flow Flow, ImageModel Model, IReadOnlyDictionary<string, string> Metadata) Pretrained(string name) =>
        Load(DataFiles.Find(Path.Combine("checkpoints", name + ".safetensors")));

    private static Dictionary<string, Tensor> Chosen(Dictionary<string, Tensor> tensors)
    {
        Dictionary<string, Tensor> Under(string prefix) =>
            tensors.Where(p => p.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(p => p.Key[prefix.Length..], p => p.Value);
        if (Under("model.") is not { Count: > 0 } last) return tensors;
        if (Under("best.") is { Count: > 0 } best) return best;
        foreach (var (name, average) in Under("ema.")) last[name] = average;   // whole-number buffers have no average
        return last;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>One line.</summary>
    public override string ToString() => $"{Kind} on {Shapes.Text(Shape)}, width {Width}, depth {Depth}";
}
