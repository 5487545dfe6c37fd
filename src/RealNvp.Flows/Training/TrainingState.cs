using System.Globalization;
using System.Text.Json;

namespace RealNvp.Flows.Training;

/// <summary>Where a run stands: the numbers that it goes on from, beside its tensors.</summary>
internal sealed record TrainingState
{
    /// <summary>Updates done.</summary>
    internal long Step { get; set; }

    internal long BestStep { get; private set; }

    internal double BestLoss { get; private set; } = double.PositiveInfinity;

    internal double? HeldOutLoss { get; private set; }

    internal int EvaluationsWithoutGain { get; private set; }

    internal double LossSum { get; private set; }

    internal long LossCount { get; private set; }

    internal TrainingLog Log { get; private init; } = new();

    /// <summary>Mean loss since the last line of the log.</summary>
    internal double MeanLoss => LossSum / LossCount;

    /// <summary>Takes an update with its loss in.</summary>
    internal void Count(double loss)
    {
        Step++;
        LossSum += loss;
        LossCount++;
    }

    /// <summary>Takes an evaluation in; whether it is the best so far.</summary>
    internal bool Judge(double heldOutLoss)
    {
        HeldOutLoss = heldOutLoss;
        EvaluationsWithoutGain++;
        if (!(heldOutLoss < BestLoss)) return false;
        (BestStep, BestLoss, EvaluationsWithoutGain) = (Step, heldOutLoss, 0);
        return true;
    }

    /// <summary>Writes a line of the log; the next mean begins.</summary>
    internal void AddLine(double rate, double gradientNorm)
    {
        Log.Add(new(Step, MeanLoss, HeldOutLoss, rate, gradientNorm));
        LossSum = LossCount = 0;
    }

    /// <summary>The numbers as a checkpoint's file holds them.</summary>
    internal Dictionary<string, string> ToMetadata() => new()
    {
        ["step"] = Text(Step),
        ["best_step"] = Text(BestStep),
        ["best_loss"] = Text(BestLoss),
        ["held_out_loss"] = HeldOutLoss is { } loss ? Text(loss) : "",
        ["evaluations_without_gain"] = Text(EvaluationsWithoutGain),
        ["loss_sum"] = Text(LossSum),
        ["loss_count"] = Text(LossCount),
        ["log"] = Log.ToJson(),
    };

    /// <summary>The inverse of <see cref="ToMetadata"/>.</summary>
    /// <param name="entry">Gives the text of an entry, or throws where there is none.</param>
    /// <exception cref="FormatException">An entry is not what it should be; the message says which.</exception>
    internal static TrainingState FromMetadata(Func<string, string> entry)
    {
        var state = new TrainingState
        {
            Step = Whole("step", long.MaxValue),
            BestLoss = Number("best_loss"),
            HeldOutLoss = entry("held_out_loss").Length > 0 ? Number("held_out_loss") : null,
            EvaluationsWithoutGain = (int)Whole("evaluations_without_gain", int.MaxValue),
            LossSum = Number("loss_sum"),
            LossCount = Whole("loss_count", long.MaxValue),
            Log = Lines(),
        };
        state.BestStep = Whole("best_step", state.Step);
        return state;

        long Whole(string key, long most) =>
            long.TryParse(entry(key), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= most
                ? value : throw Unlike(key, $"a whole number from 0 to {Text(most)}");

        double Number(string key) =>
            double.TryParse(entry(key), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                ? value : throw Unlike(key, "a number");

        TrainingLog Lines()
        {
            try
            {
                return TrainingLog.FromJson(entry("log"));
            }
            catch (JsonException)
            {
                throw Unlike("log", "a JSON list of the log's lines");
            }
        }

        FormatException Unlike(string key, string expected) =>
            new($"its {key} is \"{Shown.Text(entry(key))}\", expected is {expected}");
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("r", CultureInfo.InvariantCulture);
}
