using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>A training checkpoint's tensors and texts as a run takes them up: each is what the run needs, or refused.</summary>
/// <exception cref="InvalidDataException">Something is missing, of another shape, or no number.</exception>
internal sealed class CheckpointContents(string path, Dictionary<string, Tensor> tensors, Dictionary<string, string> metadata)
{
    internal string Text(string key) => metadata.TryGetValue(key, out var value)
        ? value
        : throw new InvalidDataException(
            $"{path} is no checkpoint of a training run: it lacks {key}. Delete it, or name another file.");

    internal TrainingState State()
    {
        try
        {
            return TrainingState.FromMetadata(Text);
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"{path} cannot be resumed: {e.Message}.", e);
        }
    }

    /// <summary>The tensors whose names begin so, by the rest of their names.</summary>
    internal Dictionary<string, Tensor> Under(string prefix) =>
        tensors.Where(p => p.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(p => p.Key[prefix.Length..], p => p.Value);

    /// <summary>A tensor that training keeps for a parameter: of its shape, and with finite numbers.</summary>
    internal Tensor Like(string name, Tensor target)
    {
        if (!tensors.TryGetValue(name, out var value) || !value.shape.SequenceEqual(target.shape)
            || value.is_floating_point() != target.is_floating_point())
            throw new InvalidDataException(
                $"{path} lacks the tensor {name} of shape {Shapes.Text(target.shape)}, {target.dtype}.");
        return IsFinite(value) ? value
            : throw new InvalidDataException($"{path} cannot be resumed: {name} holds values that are not finite.");
    }

    /// <summary>The state of a generator like one that is there.</summary>
    internal Tensor Generator(string name, Tensor like)
    {
        if (!tensors.TryGetValue(name, out var state)) throw new InvalidDataException($"{path} lacks the tensor {name}.");
        return GeneratorState.Problem(state, like) is { } problem
            ? throw new InvalidDataException($"{path} holds no state of a random generator in {name}: {problem}.") : state;
    }

    internal static bool IsFinite(Tensor value)
    {
        using var scope = NewDisposeScope();
        return value.isfinite().all().ToBoolean();
    }
}
