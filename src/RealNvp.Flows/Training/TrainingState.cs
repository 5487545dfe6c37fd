using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>All that a run needs to go on as if it had never stopped, and its file.</summary>
internal sealed class TrainingState(
    nn.Module model, FlatParameters parameters, FlatAdam adam, Ema? ema, TrainingOptions options, Generator? noise, string dataFingerprint) : IDisposable
{
    private const string Format = "realnvp-training-2";

    private Dictionary<string, Tensor>? best;
    private int evaluationsWithoutGain;
    private double lossSum;
    private long lossCount;

    /// <summary>Updates done.</summary>
    internal long Step { get; set; }

    /// <summary>The step of the newest checkpoint; -1 without.</summary>
    internal long SavedStep { get; private set; } = -1;

    internal long BestStep { get; private set; }

    internal double BestLoss { get; private set; } = double.PositiveInfinity;

    internal double? LastHeldOutLoss { get; private set; }

    internal TrainingLog Log { get; private set; } = new();

    internal bool HasStalled => options.Patience is { } patience && evaluationsWithoutGain >= patience;

    internal void Count(double sum, long steps)
    {
        lossSum += sum;
        lossCount += steps;
    }

    /// <summary>Mean loss since the last report.</summary>
    internal double MeanLoss => lossSum / lossCount;

    internal double MeanLossSinceReport()
    {
        var mean = MeanLoss;
        lossSum = lossCount = 0;
        return mean;
    }

    /// <summary>Takes an evaluation in: keeps the parameters when they are the best so far.</summary>
    internal void Judge(double heldOutLoss)
    {
        LastHeldOutLoss = heldOutLoss;
        if (!(heldOutLoss < BestLoss))
        {
            evaluationsWithoutGain++;
            return;
        }
        BestLoss = heldOutLoss;
        BestStep = Step;
        evaluationsWithoutGain = 0;
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var now = model.state_dict();
        if (best is null)
            best = now.ToDictionary(p => p.Key, p => p.Value.detach().clone().DetachFromDisposeScope());
        else
            foreach (var (name, tensor) in now) best[name].copy_(tensor);
    }

    /// <summary>Gives the model its best parameters; false when there was no evaluation.</summary>
    internal bool PutBestBack()
    {
        if (best is null) return false;
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, tensor) in model.state_dict()) tensor.copy_(best[name]);
        return true;
    }

    internal void Save()
    {
        if (options.Checkpoint is not { } path) return;
        using var scope = NewDisposeScope();
        var tensors = model.state_dict().ToDictionary(p => "model." + p.Key, p => p.Value);
        foreach (var (name, tensor) in best ?? []) tensors["best." + name] = tensor;
        foreach (var (name, tensor) in Trained()) tensors[name] = tensor;
        tensors["generator.torch"] = torch.get_rng_state();
        if (noise is not null) tensors["generator.noise"] = noise.get_state();
        Safetensors.Save(path, tensors, new Dictionary<string, string>(options.Metadata ?? new Dictionary<string, string>())
        {
            ["format"] = Format,
            ["step"] = Text(Step),
            ["best_step"] = Text(BestStep),
            ["best_loss"] = Text(BestLoss),
            ["held_out_loss"] = LastHeldOutLoss is { } loss ? Text(loss) : "",
            ["evaluations_without_gain"] = Text(evaluationsWithoutGain),
            ["loss_sum"] = Text(lossSum),
            ["loss_count"] = Text(lossCount),
            ["settings"] = Settings(),
            ["log"] = Log.ToJson(),
        });
        SavedStep = Step;
        options.Saved?.Invoke(path, Log);
    }

    /// <summary>What training keeps for each parameter beside its value: Adam's moments, and the averages where there are any.</summary>
    private IEnumerable<(string Name, Tensor Value)> Trained()
    {
        IEnumerable<(string Name, Tensor Value)> Under(string prefix, IEnumerable<(string Name, Tensor Value)> named) => named.Select(p => (prefix + p.Name, p.Value));
        return [
            .. Under("adam.first_moment.", parameters.Named(adam.FirstMoment)),
            .. Under("adam.second_moment.", parameters.Named(adam.SecondMoment)),
            .. ema is null ? [] : Under("ema.", [.. parameters.Named(ema.Values), .. ema.Buffers]),
        ];
    }

    /// <summary>Takes up a checkpoint where there is one.</summary>
    internal void Load()
    {
        if (options.Checkpoint is not { } path || !File.Exists(path)) return;
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var (tensors, metadata) = Safetensors.Load(path);
        string Entry(string key) => metadata.TryGetValue(key, out var value)
            ? value
            : throw new InvalidDataException($"{path} is no checkpoint of a training run: it lacks {key}. Delete it, or name another file.");
        if (Entry("format") != Format) throw new InvalidDataException($"{path} has the checkpoint format {Entry("format")}; this version reads {Format}.");
        if (Entry("settings") != Settings())
            throw new ArgumentException(
                $"{path} belongs to another run: its settings are ({Entry("settings")}), these are ({Settings()}). "
                + "Resume with the same data and settings, or name another file.");
        Weights.Copy(Under("model."), model, path);
        if (Under("best.") is { Count: > 0 } saved)
            best = saved.ToDictionary(p => p.Key, p => p.Value.to(parameters.Values.device).DetachFromDisposeScope());
        foreach (var (name, tensor) in Trained()) Take(name, tensor);
        torch.set_rng_state(tensors["generator.torch"]);
        if (noise is not null && tensors.TryGetValue("generator.noise", out var noiseState)) noise.set_state(noiseState);
        Step = SavedStep = adam.Count = Whole(Entry("step"));
        BestStep = Whole(Entry("best_step"));
        BestLoss = Number(Entry("best_loss"));
        LastHeldOutLoss = Entry("held_out_loss") is { Length: > 0 } loss ? Number(loss) : null;
        evaluationsWithoutGain = (int)Whole(Entry("evaluations_without_gain"));
        lossSum = Number(Entry("loss_sum"));
        lossCount = Whole(Entry("loss_count"));
        Log = TrainingLog.FromJson(Entry("log"));

        Dictionary<string, Tensor> Under(string prefix) =>
            tensors.Where(p => p.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(p => p.Key[prefix.Length..], p => p.Value);

        void Take(string name, Tensor target) =>
            target.copy_(tensors.TryGetValue(name, out var value) && value.shape.SequenceEqual(target.shape)
                ? value
                : throw new InvalidDataException($"{path} lacks the tensor {name} of shape {Shapes.Text(target.shape)}."));
    }

    /// <summary>What a resumed run must share with the one that wrote the checkpoint; the number of steps may grow.</summary>
    private string Settings() => string.Create(CultureInfo.InvariantCulture,
        $"data {dataFingerprint}; batch {options.BatchSize}; rate {options.LearningRate:r}; schedule {options.Schedule}; clip {options.ClipGradient:r}; "
        + $"decay {options.WeightDecay:r}; noise {options.DataNoise:r}; seed {options.Seed}; evaluate every {options.EvaluateEvery}{Extras()}");

    private string Extras() =>
        (options.Levels is { } levels ? $"; levels {levels}" : "") + (options.FlipHorizontally ? "; mirrored" : "")
        + (options.EmaDecay is { } decay ? $"; average {Text(decay)}" : "") + (options.BFloat16Convolutions ? "; bfloat16" : "");

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("r", CultureInfo.InvariantCulture);

    private static long Whole(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    public void Dispose()
    {
        foreach (var tensor in best?.Values ?? Enumerable.Empty<Tensor>()) tensor.Dispose();
    }
}
