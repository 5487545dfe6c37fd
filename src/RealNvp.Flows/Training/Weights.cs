using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>Saves a model's parameters and buffers as safetensors and loads them into a model of the same architecture.</summary>
/// <example>
/// <code>
/// var (a, b) = (Architectures.RealNvp2D(), Architectures.RealNvp2D());
/// var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.safetensors");
/// Weights.Save(a, path);
/// Weights.Load(b, path);
/// File.Delete(path);
/// var x = randn(3, 2);
/// Console.WriteLine(a.LogProb(x).Equals(b.LogProb(x)));
/// // prints True
/// </code>
/// </example>
public static class Weights
{
    /// <summary>
    /// Writes every parameter and buffer under its name, and what the model is of: <see cref="Load"/> refuses another one.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The model was disposed; the file stays as it was.</exception>
    public static void Save(nn.Module model, string path, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        Disposed.Require(model);
        Safetensors.Save(path, model.state_dict(), new Dictionary<string, string>(metadata ?? new Dictionary<string, string>())
        {
            [Architecture.Key] = Architecture.Of(model),
        });
    }

    /// <summary>
    /// Copies a file's values into the model, which keeps its device and dtype and is in evaluation mode afterwards. Of a
    /// training run's checkpoint it takes the best evaluated weights, else the averages, else the last. Nothing is changed when
    /// something does not fit.
    /// </summary>
    /// <exception cref="ArgumentException">The file is of another architecture; the message names the first setting or parameter
    /// that differs. A file that does not say what it is of is held against names and shapes only.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    /// <exception cref="InvalidDataException">The file is broken.</exception>
    public static void Load(nn.Module model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        Disposed.Require(model);
        var (tensors, metadata) = Safetensors.Load(path);
        RequireArchitecture(metadata, model, path);
        Copy(OfModel(tensors), model, path);
        model.eval();
    }

    /// <summary>Holds what a file says of its model against a model.</summary>
    internal static void RequireArchitecture(IReadOnlyDictionary<string, string> metadata, nn.Module model, string path)
    {
        if (metadata.TryGetValue(Architecture.Key, out var saved)
            && Architecture.Difference(model, saved, path) is { } difference)
            throw Differs(path, difference);
    }

    /// <summary>A model's tensors in a file of weights, or in a training run's checkpoint.</summary>
    internal static IReadOnlyDictionary<string, T> OfModel<T>(IReadOnlyDictionary<string, T> tensors)
    {
        if (!tensors.ContainsKey("generator.torch") || Under("model.") is not { Count: > 0 } last) return tensors;
        if (Under("best.") is { Count: > 0 } best) return best;
        foreach (var (name, average) in Under("ema.")) last[name] = average;   // whole-number buffers have no average
        return last;

        Dictionary<string, T> Under(string prefix) => tensors.Where(p => p.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(p => p.Key[prefix.Length..], p => p.Value);
    }

    internal static void Copy(IReadOnlyDictionary<string, Tensor> source, nn.Module model, string path)
    {
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var target = model.state_dict();
        RequireSame(source, target, path);
        foreach (var (name, tensor) in target) tensor.copy_(source[name]);
    }

    /// <exception cref="ArgumentException">The names, shapes or kinds of the file's tensors are not the model's.</exception>
    internal static void RequireSame(IReadOnlyDictionary<string, Tensor> source, IReadOnlyDictionary<string, Tensor> target,
        string path)
    {
        foreach (var (name, tensor) in target)
        {
            if (!source.TryGetValue(name, out var saved))
                throw Differs(path, $"this model has {name} of shape {Shapes.Text(tensor.shape)}, the file has no such parameter");
            if (!saved.shape.SequenceEqual(tensor.shape))
                throw Differs(path, $"{name} has shape {Shapes.Text(tensor.shape)} in this model and "
                    + $"{Shown.Text(Shapes.Text(saved.shape))} in the file");
            if (saved.is_floating_point() != tensor.is_floating_point())
                throw Differs(path, $"{name} is {tensor.dtype} in this model and {saved.dtype} in the file");
        }
        if (source.Keys.FirstOrDefault(name => !target.ContainsKey(name)) is { } extra)
            throw Differs(path, $"the file has {Shown.Text(extra, 100)} of shape "
                + $"{Shown.Text(Shapes.Text(source[extra].shape), 100)}, this model has no such parameter");
    }

    private static ArgumentException Differs(string path, string what) =>
        new($"{path} belongs to a model of another architecture: {what}. Build the model with the settings that the file was "
        + "saved with.");
}
