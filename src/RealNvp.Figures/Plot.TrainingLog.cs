using RealNvp.Flows.Training;

namespace RealNvp.Figures;

public sealed partial class Plot
{
    private const string Nats = "mean negative log-likelihood [nats]";

    /// <summary>The course of a training run: training loss and, where there was any, held-out loss against step.</summary>
    /// <param name="title">What to see.</param>
    /// <param name="log">The run's log.</param>
    /// <exception cref="ArgumentException">The log is empty.</exception>
    public static Plot TrainingCurve(string title, TrainingLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        return HasHeldOut(log)
            ? TrainingCurve(title, "step", Nats, ("training", Steps(log), TrainLosses(log)),
                ("held out", Steps(log), HeldOutLosses(log)))
            : TrainingCurve(title, "step", Nats, ("training", Steps(log), TrainLosses(log)));
    }

    /// <summary>
    /// The held-out losses of several runs against step, a colour a run; of a run without held-out data, its training loss.
    /// </summary>
    /// <param name="title">What to see.</param>
    /// <param name="runs">Names and logs.</param>
    public static Plot TrainingCurves(string title, params (string Name, TrainingLog Log)[] runs)
    {
        FigureArguments.Some(runs, "run");
        (string, Series, Series)[] curves =
            [.. runs.Select(run => (run.Name, Steps(run.Log), HasHeldOut(run.Log)
            ? HeldOutLosses(run.Log) : TrainLosses(run.Log)))];
        return Lines(title, "step", $"held-out {Nats}", curves).Changed(layout =>
        {
            layout["hovermode"] = "x unified";
            layout.Inner("yaxis")["range"] = LossRange(curves.Select(curve => curve.Item3));
        });
    }

    private static bool HasHeldOut(TrainingLog log) => log.Entries.Any(entry => entry.HeldOutLoss is not null);

    private static Series Steps(TrainingLog log) => log.Entries.Count > 0
        ? log.Entries.Select(entry => (double)entry.Step).ToArray()
        : throw new ArgumentException("Expected a log with entries; given an empty one.", nameof(log));

    private static Series TrainLosses(TrainingLog log) => log.Entries.Select(entry => entry.TrainLoss).ToArray();

    private static Series HeldOutLosses(TrainingLog log) =>
        log.Entries.Select(entry => entry.HeldOutLoss ?? double.NaN).ToArray();
}
