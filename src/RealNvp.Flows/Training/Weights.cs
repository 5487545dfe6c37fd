using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>Saves a model's parameters and buffers as safetensors and loads them into a model of the same architecture.</summary>
public static class Weights
{
    /// <summary>Writes every parameter and buffer under its name.</summary>
    public static void Save(nn.Module model, string path, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        Safetensors.Save(path, model.state_dict(), metadata);
    }

    /// <summary>Copies a file's values into the model, which keeps its device and dtype. Nothing is changed when something does not fit.</summary>
    /// <exception cref="ArgumentException">The file is of another architecture; the message names the first parameter that differs.</exception>
    /// <exception cref="InvalidDataException">The file is broken.</exception>
    public static void Load(nn.Module model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        Copy(Safetensors.Load(path).Tensors, model, path);
    }

    internal static void Copy(IReadOnlyDictionary<string, Tensor> source, nn.Module model, string path)
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var target = model.state_dict();
        RequireSame(source, target, path);
        foreach (var (name, tensor) in target) tensor.copy_(source[name]);
    }

    private static void RequireSame(IReadOnlyDictionary<string, Tensor> source, IReadOnlyDictionary<string, Tensor> target, string path)
    {
        foreach (var (name, tensor) in target)
        {
            if (!source.TryGetValue(name, out var saved))
                throw Differs(path, $"this model has {name} of shape {Shapes.Text(tensor.shape)}, the file has no such parameter");
            if (!saved.shape.SequenceEqual(tensor.shape))
                throw Differs(path, $"{name} has shape {Shapes.Text(tensor.shape)} in this model and {Shapes.Text(saved.shape)} in the file");
            if (saved.is_floating_point() != tensor.is_floating_point())
                throw Differs(path, $"{name} is {tensor.dtype} in this model and {saved.dtype} in the file");
        }
        if (source.Keys.FirstOrDefault(name => !target.ContainsKey(name)) is { } extra)
            throw Differs(path, $"the file has {extra} of shape {Shapes.Text(source[extra].shape)}, this model has no such parameter");
    }

    private static ArgumentException Differs(string path, string what) =>
        new($"{path} belongs to a model of another architecture: {what}. Build the model with the settings that the file was saved with.");
}
