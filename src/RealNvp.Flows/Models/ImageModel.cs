using System.Globalization;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Models;

/// <summary>Which flow for images, and how large: enough to build it again, and what a checkpoint says about its model.</summary>
/// <example>
/// <code>
/// var flow = Architectures.RealNvpImages([1, 8, 8], width: 4, blocks: 1);
/// var images = randint(0, 256, [2, 1, 8, 8]).to(float32);
/// Console.WriteLine(flow.LogProb(Dequantize.Uniform(images)).shape[0]);
/// // prints 2
/// </code>
/// </example>
/// <param name="Kind">realnvp, nice, glow, spline or tarflow.</param>
/// <param name="Shape">[C, H, W].</param>
/// <param name="Levels">Levels of a pixel: 256 for bytes.</param>
/// <param name="Width">Feature maps of the first scale's conditioners (realnvp), of every conditioner (glow, spline), units of
/// a hidden layer (nice), or numbers of a token (tarflow).</param>
/// <param name="Depth">Residual blocks of a conditioner (realnvp), steps of a scale (glow, spline), hidden layers
/// (nice), or autoregressive layers (tarflow).</param>
public sealed record ImageModel(string Kind, long[] Shape, int Levels, int Width, int Depth)
{
    /// <summary>The kinds.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["realnvp", "nice", "glow", "spline", "tarflow"];

    /// <summary>The flow, its weights drawn from torch's global generator. It takes images in [0, 1): dequantise first.</summary>
    /// <exception cref="ArgumentException">There is no such kind, or the shape does not suit it.</exception>
    public Flow Build() => Kind switch
    {
        "realnvp" => Architectures.RealNvpImages(Shape, width: Width, blocks: Depth),
        "nice" => Architectures.NiceImages(Shape, width: Width, depth: Depth),
        "glow" => Architectures.Glow(Shape, steps: Depth, width: Width),
        "spline" => Architectures.SplineImages(Shape, steps: Depth, width: Width),
        "tarflow" => Architectures.TarFlowImages(Shape, layers: Depth, width: Width),
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
    /// <exception cref="InvalidDataException">There is none, or it is none of a model of images.</exception>
    public static ImageModel FromMetadata(IReadOnlyDictionary<string, string> metadata, string path)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        var kind = Entry("model");
        if (!Kinds.Contains(kind)) throw Unlike("model", kind, string.Join(", ", Kinds));
        var shape = Entry("shape").Split('x', 4).Select(side => Whole(side, int.MaxValue)).ToArray();
        if (shape is not [>= 1, >= 1, >= 1])
            throw Unlike("shape", Entry("shape"), "channels, height and width with x between them");
        return new(kind, [.. shape.Select(side => (long)side!)], Number("levels"), Number("width"), Number("depth"));

        string Entry(string key) => metadata.TryGetValue(key, out var value)
            ? value
            : throw new InvalidDataException(
            $"{path} does not say what model it is of (it lacks \"{key}\"): it was not written by ./workbook train or by "
            + $"{nameof(ImageModel)}.{nameof(Save)}.");

        int Number(string key) => (int)(Whole(Entry(key), int.MaxValue) is > 0 and var number
            ? number : throw Unlike(key, Entry(key), $"a whole number from 1 to {int.MaxValue}"));

        InvalidDataException Unlike(string key, string given, string expected) =>
            new($"{path} describes its model in a way that cannot be read: its {key} is \"{Shown.Text(given)}\", expected is "
                + $"{expected}.");
    }

    /// <summary>Writes a flow's parameters and running statistics with this description, ready for <see cref="Load"/>.</summary>
    /// <param name="flow">A flow that <see cref="Build"/> made.</param>
    /// <param name="path">The .safetensors file.</param>
    /// <param name="more">What else the file is to say: the data set, bits/dim, the seed.</param>
    /// <param name="half">Parameters in float16, in half the space: they are read back to float32, rounded to eleven bits.
    /// Running statistics stay as they are.</param>
    public void Save(Flow flow, string path, IReadOnlyDictionary<string, string>? more = null, bool half = false)
    {
        ArgumentNullException.ThrowIfNull(flow);
        Disposed.Require(flow);
        using var scope = NewDisposeScope();
        var parameters = flow.named_parameters().Select(p => p.name).ToHashSet();
        var tensors = flow.state_dict()
            .ToDictionary(p => p.Key, p =>
                half && parameters.Contains(p.Key) ? p.Value.detach().to(ScalarType.Float16) : p.Value);
        var metadata = new Dictionary<string, string>(more ?? new Dictionary<string, string>());
        foreach (var (key, value) in ToMetadata()) metadata[key] = value;
        metadata[Architecture.Key] = Architecture.Of(flow);
        Safetensors.Save(path, tensors, metadata);
    }

    /// <summary>
    /// Builds the flow that a file describes, with the file's weights, in evaluation mode. Of a training run's checkpoint it
    /// takes the best evaluated weights, else the averages, else the last.
    /// </summary>
    /// <returns>The flow, its description, and what else the file says.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is truncated or damaged, does not say what model it is of, or holds
    /// values that are not finite or the tensors of another model than it says.</exception>
    public static (Flow Flow, ImageModel Model, IReadOnlyDictionary<string, string> Metadata) Load(string path)
    {
        using var scope = NewDisposeScope();
        using var stream = PlainFile.OpenRead(path);
        var header = SafetensorsHeader.Read(stream, path);
        var model = FromMetadata(header.Metadata, path);
        var state = torch.get_rng_state();
        try
        {
            DeclaredSize.Require(model, Weights.OfModel(header.Shapes), path);
            var tensors = Safetensors.Values(stream, header, path);
            var flow = model.Build();
            Weights.RequireArchitecture(header.Metadata, flow, path);
            var own = Weights.OfModel(tensors);
            Weights.Copy(own, flow, path);
            if (own.FirstOrDefault(p => !CheckpointContents.IsFinite(p.Value)).Key is { } name)
                throw new InvalidDataException($"{path} holds values that are not finite in {name}: it is of no use as a model.");
            flow.eval();
            return (flow, model, header.Metadata);
        }
        catch (ArgumentException e)   // the file describes a model and holds the weights of another
        {
            throw new InvalidDataException(e.Message, e);
        }
        finally
        {
            torch.set_rng_state(state);   // what is loaded draws nothing
        }
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static long? Whole(string text, long most) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most ? number : null;

    /// <summary>One line.</summary>
    public override string ToString() => $"{Kind} on {Shapes.Text(Shape)}, width {Width}, depth {Depth}";
}
