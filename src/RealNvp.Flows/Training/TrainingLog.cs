using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace RealNvp.Flows.Training;

/// <summary>One line of a log: means over the steps since the line before.</summary>
/// <param name="Step">Updates done.</param>
/// <param name="TrainLoss">Mean training loss.</param>
/// <param name="HeldOutLoss">Loss on held-out data at the last evaluation; null without.</param>
/// <param name="LearningRate">The rate at this step.</param>
/// <param name="GradientNorm">Norm of the last gradient, before it was cut.</param>
public sealed record TrainingLogEntry(long Step, double TrainLoss, double? HeldOutLoss, double LearningRate, double GradientNorm);

/// <summary>The course of a training run.</summary>
public sealed class TrainingLog
{
    // A loss may be infinite, where the model leaves the held-out data no mass: "Infinity", in quotes, since JSON has no such
    // number.
    private static readonly JsonSerializerOptions Named =
        new()
        {
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            RespectRequiredConstructorParameters = true,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),   // which programs of one file are without
        };

    private readonly List<TrainingLogEntry> entries = [];

    /// <summary>The lines, oldest first.</summary>
    public IReadOnlyList<TrainingLogEntry> Entries => entries;

    internal void Add(TrainingLogEntry entry) => entries.Add(entry);

    /// <summary>Writes a table: step, train_loss, held_out_loss, learning_rate, gradient_norm.</summary>
    public void SaveCsv(string path) => AtomicFile.Write(path, ToCsv());

    /// <summary>Writes a JSON list of the lines.</summary>
    public void SaveJson(string path) => AtomicFile.Write(path, ToJson());

    /// <summary>The table as text.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder("step,train_loss,held_out_loss,learning_rate,gradient_norm\n");
        foreach (var e in entries)
            text.Append(CultureInfo.InvariantCulture,
                $"{e.Step},{e.TrainLoss:r},{(e.HeldOutLoss is { } h ? h.ToString("r", CultureInfo.InvariantCulture) : "")},{e.LearningRate:r},{e.GradientNorm:r}\n");
        return text.ToString();
    }

    /// <summary>The list as text.</summary>
    public string ToJson() => JsonSerializer.Serialize(entries, Named);

    /// <exception cref="JsonException">The text is no list of lines.</exception>
    internal static TrainingLog FromJson(string json)
    {
        var log = new TrainingLog();
        foreach (var entry in JsonSerializer.Deserialize<List<TrainingLogEntry?>>(json, Named) ?? throw new JsonException("null"))
            log.Add(entry ?? throw new JsonException("null"));
        return log;
    }
}
