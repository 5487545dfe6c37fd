namespace RealNvp.Flows.Training;

/// <summary>Where a run stands.</summary>
/// <param name="Step">Updates done.</param>
/// <param name="Steps">Updates planned.</param>
/// <param name="TrainLoss">Mean loss since the last line.</param>
/// <param name="HeldOutLoss">Loss on held-out data at the last evaluation; null without.</param>
/// <param name="StepsPerSecond">Rate since the run (or its resumption) began.</param>
/// <param name="TimeLeft">At this rate, for the steps planned.</param>
public sealed record TrainingProgress(
    long Step, long Steps, double TrainLoss, double? HeldOutLoss, double StepsPerSecond, TimeSpan TimeLeft)
{
    /// <summary>One line for a console.</summary>
    public override string ToString() =>
        $"step {Step,6}/{Steps}  train {TrainLoss,9:f4}{(HeldOutLoss is { } h ? $"  held-out {h,9:f4}" : "")}"
        + $"  {StepsPerSecond,6:f0} steps/s  "
        + $"{(TimeLeft.TotalHours >= 1 ? $"{(long)TimeLeft.TotalHours}:{TimeLeft:mm\\:ss}" : $"{TimeLeft:m\\:ss}")} left";
}
