namespace RealNvp.Flows.Training;

/// <summary>Why a run ended.</summary>
public enum TrainingOutcome
{
    /// <summary>All steps were done.</summary>
    Completed,

    /// <summary>The held-out loss had stopped falling.</summary>
    StoppedEarly,

    /// <summary>It was asked to stop.</summary>
    Cancelled,
}

/// <summary>
/// What a run came to. The model holds the parameters of the best held-out loss, or the last ones where nothing was held out.
/// </summary>
/// <param name="Outcome">Why it ended.</param>
/// <param name="Steps">Updates done.</param>
/// <param name="BestStep">The step whose parameters the model holds.</param>
/// <param name="BestHeldOutLoss">The held-out loss there; null without held-out data.</param>
/// <param name="Log">The course.</param>
/// <param name="Duration">Time spent, from the last start on.</param>
public sealed record TrainingResult(
    TrainingOutcome Outcome, long Steps, long BestStep, double? BestHeldOutLoss, TrainingLog Log, TimeSpan Duration)
{
    /// <summary>
    /// What there is to say of the training data, a sentence each: features of scales far from 1 that nothing standardises,
    /// columns of few values on which a density can grow without bound.
    /// </summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>One line, and one for each remark.</summary>
    public override string ToString() =>
        $"{Outcome} after {Steps} steps in {Duration.TotalSeconds:f1} s"
        + (BestHeldOutLoss is { } loss ? $"; best held-out loss {loss:f4} at step {BestStep}" : "")
        + string.Concat(Remarks.Select(remark => $"\n{remark}"));
}

/// <summary>
/// The loss or a gradient was no longer a number; the message names the step, where it began, and the last good checkpoint.
/// </summary>
public sealed class TrainingDivergedException(string message, long step, string? layer, string? checkpoint) : Exception(message)
{
    /// <summary>The update at which it happened, from 1.</summary>
    public long Step { get; } = step;

    /// <summary>Where the first value that is not finite arose; null when no layer could be named.</summary>
    public string? Layer { get; } = layer;

    /// <summary>The last good checkpoint; null without.</summary>
    public string? Checkpoint { get; } = checkpoint;
}
