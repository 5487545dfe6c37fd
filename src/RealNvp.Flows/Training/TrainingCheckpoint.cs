using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>The file that holds all that a run needs to go on as if it had never stopped.</summary>
internal sealed class TrainingCheckpoint(
    nn.Module model, FlatParameters parameters, FlatAdam adam, Ema? ema, BestParameters best, TrainingOptions options)
{
    private const string Format = "realnvp-training-2";

    /// <summary>The generator of batches and noise, if the run has one beside torch's own.</summary>
    internal Generator? Noise { get; init; }

    internal required string DataFingerprint { get; init; }

    /// <summary>The step of the newest file; -1 without.</summary>
    internal long SavedStep { get; private set; } = -1;

    /// <summary>Writes the file, if the options name one and it is not of this step already.</summary>
    internal void Save(TrainingState state)
    {
        if (options.Checkpoint is not { } path || SavedStep == state.Step) return;
        using var scope = NewDisposeScope();
        var tensors = model.state_dict().ToDictionary(p => "model." + p.Key, p => p.Value);
        foreach (var (name, tensor) in best.Tensors) tensors["best." + name] = tensor;
        foreach (var (name, tensor) in BesideValues()) tensors[name] = tensor;
        tensors["generator.torch"] = torch.get_rng_state();
        if (Noise is not null) tensors["generator.noise"] = Noise.get_state();
        var metadata = new Dictionary<string, string>(options.Metadata ?? new Dictionary<string, string>())
        {
            ["format"] = Format,
            ["settings"] = Settings(),
            [Architecture.Key] = Architecture.Of(model),
        };
        foreach (var (key, value) in state.ToMetadata()) metadata[key] = value;
        Safetensors.Save(path, tensors, metadata);
        SavedStep = state.Step;
        options.Saved?.Invoke(path, state.Log);
    }

    /// <summary>Takes up the file where there is one, else begins.</summary>
    /// <exception cref="ArgumentException">The file belongs to a run with other data or settings.</exception>
    /// <exception cref="InvalidDataException">The file is no checkpoint, or lacks something, or holds what no run can go on
    /// from.</exception>
    internal TrainingState Load()
    {
        if (!options.Resume || options.Checkpoint is not { } path || !Path.Exists(path)) return new();
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var (tensors, metadata) = Safetensors.Load(path);
        var saved = new CheckpointContents(path, tensors, metadata);
        if (saved.Text("format") != Format)
            throw new InvalidDataException($"{path} has the checkpoint format {Shown.Text(saved.Text("format"))}; this version "
                + $"reads {Format}.");
        if (saved.Text("settings") != Settings())
            throw OtherRun(path, saved.Text("settings").Split("; "), Settings().Split("; "));
        // All of it is looked at before any of it is taken: a run that cannot go on changes neither its model nor its file.
        Weights.RequireArchitecture(metadata, model, path);
        var state = saved.State();
        var (now, last, kept) = (model.state_dict(), saved.Under("model."), saved.Under("best."));
        Weights.RequireSame(last, now, path);
        if (kept.Count > 0) Weights.RequireSame(kept, now, path);
        foreach (var (name, tensor) in now.Where(p => CheckpointContents.IsFinite(p.Value)))
        {
            saved.Like("model." + name, tensor);
            if (kept.Count > 0) saved.Like("best." + name, tensor);
        }
        (Tensor Value, Tensor Target)[] beside = [.. BesideValues().Select(p => (saved.Like(p.Name, p.Value), p.Value))];
        var global = saved.Generator("generator.torch", torch.get_rng_state());
        var noise = Noise is null ? null : saved.Generator("generator.noise", Noise.get_state());

        Weights.Copy(last, model, path);
        if (kept.Count > 0) best.Take(kept.ToDictionary(p => p.Key, p => p.Value.to(parameters.Values.device)));
        foreach (var (value, target) in beside) target.copy_(value);
        torch.set_rng_state(global);
        if (noise is not null) Noise!.set_state(noise);
        SavedStep = adam.Count = state.Step;
        return state;
    }

    private static ArgumentException OtherRun(string path, string[] there, string[] here)
    {
        string Only(string[] these, string[] others) => Shown.Text(string.Join("; ", these.Except(others)));
        return new($"{path} belongs to another run: its settings have ({Only(there, here)}) where these have "
            + $"({Only(here, there)}). Resume with the same data and settings, or name another file.");
    }

    /// <summary>
    /// What training keeps for each parameter beside its value: Adam's moments, and the averages where there are any.
    /// </summary>
    private IEnumerable<(string Name, Tensor Value)> BesideValues()
    {
        return
        [
            .. Under("adam.first_moment.", parameters.Named(adam.FirstMoment)),
            .. Under("adam.second_moment.", parameters.Named(adam.SecondMoment)),
            .. ema is null ? [] : Under("ema.", [.. parameters.Named(ema.Values), .. ema.Buffers]),
        ];

        static IEnumerable<(string Name, Tensor Value)> Under(string prefix, IEnumerable<(string Name, Tensor Value)> named) =>
            named.Select(p => (prefix + p.Name, p.Value));
    }

    /// <summary>What a resumed run must share with the one that wrote the file; the number of steps may grow.</summary>
    private string Settings() => string.Create(CultureInfo.InvariantCulture,
        $"data {DataFingerprint}; batch {options.BatchSize}; rate {options.LearningRate:r}; schedule {options.Schedule}; "
        + $"clip {options.ClipGradient:r}; decay {options.WeightDecay:r}; noise {options.DataNoise:r}; seed {options.Seed}; "
        + $"evaluate every {options.EvaluateEvery}{(options.Levels is { } levels ? $"; levels {levels}" : "")}"
        + $"{(options.FlipHorizontally ? "; mirrored" : "")}{(options.EmaDecay is { } decay ? $"; average {decay:r}" : "")}"
        + $"{(options.BFloat16Convolutions ? "; bfloat16" : "")}"
        + $"{(options.DropContext > 0 ? $"; drop {options.DropContext:r}" : "")}");
}
