using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>The loop behind <see cref="Trainer"/>: update, evaluate, log, checkpoint.</summary>
internal sealed class TrainingLoop(nn.Module model, FlatParameters parameters, TrainingOptions options)
{
    private const double LongestWait = 1e9;   // seconds; a run without an end has no time left that can be told

    internal required Func<long, Tensor> Loss { get; init; }

    internal Func<double>? HeldOutLoss { get; init; }

    internal Func<string?>? Diagnose { get; init; }

    internal Generator? Noise { get; init; }

    internal string DataFingerprint { get; init; } = "";

    internal TrainingResult Run()
    {
        using var adam = new FlatAdam(parameters, options.WeightDecay);
        using var state = new TrainingState(model, parameters, adam, options, Noise, DataFingerprint);
        if (options.Resume) state.Load();
        var clock = Stopwatch.StartNew();
        var first = state.Step;
        var outcome = TrainingOutcome.Completed;
        model.train();
        while (state.Step < options.Steps)
        {
            if (options.Cancellation.IsCancellationRequested)
            {
                outcome = TrainingOutcome.Cancelled;
                break;
            }
            if (state.HasStalled)
            {
                outcome = TrainingOutcome.StoppedEarly;
                break;
            }
            var (rate, norm) = Update(state, adam);
            if (HeldOutLoss is not null && (state.Step % options.EvaluateEvery == 0 || state.Step == options.Steps)) Evaluate(state);
            if (state.Step % options.LogEvery == 0 || state.Step == options.Steps) Report(state, rate, norm, first, clock.Elapsed);
            if (state.Step % options.CheckpointEvery == 0) state.Save();
        }
        if (state.Step != state.SavedStep) state.Save();
        state.PutBestBack();
        model.eval();
        return new(outcome, state.Step, HeldOutLoss is null ? state.Step : state.BestStep, HeldOutLoss is null ? null : state.BestLoss, state.Log, clock.Elapsed);
    }

    private (double Rate, double Norm) Update(TrainingState state, FlatAdam adam)
    {
        using var scope = NewDisposeScope();
        parameters.Gradients.zero_();
        var loss = Loss(state.Step);
        var value = loss.ToDouble();
        if (!double.IsFinite(value)) throw Diverged(state, $"the loss is {value}", Diagnose?.Invoke());
        loss.backward();
        using var guard = torch.no_grad();
        var norm = parameters.Gradients.norm().ToDouble();
        if (!double.IsFinite(norm))
            throw Diverged(state, $"the gradient's norm is {norm}", Divergence.FirstGradient(model));
        if (options.ClipGradient is { } limit && norm > limit) parameters.Gradients.mul_(limit / norm);
        var rate = options.LearningRate * options.Schedule.Factor(state.Step, options.Steps);
        adam.Step(rate);
        state.Step++;
        state.Count(value);
        return (rate, norm);
    }

    private void Evaluate(TrainingState state)
    {
        model.eval();
        state.Judge(HeldOutLoss!());
        model.train();
    }

    private void Report(TrainingState state, double rate, double norm, long first, TimeSpan elapsed)
    {
        var loss = state.MeanLossSinceReport();
        state.Log.Add(new(state.Step, loss, state.LastHeldOutLoss, rate, norm));
        var perSecond = (state.Step - first) / Math.Max(1e-9, elapsed.TotalSeconds);
        options.Progress?.Invoke(new(state.Step, options.Steps, loss, state.LastHeldOutLoss, perSecond,
            TimeSpan.FromSeconds(Math.Min(LongestWait, (options.Steps - state.Step) / perSecond))));
    }

    private TrainingDivergedException Diverged(TrainingState state, string what, string? where)
    {
        var checkpoint = state.SavedStep > 0 ? options.Checkpoint : null;
        var kept = state.PutBestBack() ? $"The model holds its best parameters, of step {state.BestStep}." : "The model holds the last parameters.";
        return new($"Training stopped at step {state.Step + 1}: {what}{(where is null ? "" : $", first in {where}")}. "
            + $"{(checkpoint is null ? "No checkpoint was written." : $"The last good checkpoint is {checkpoint}, of step {state.SavedStep}.")} {kept} "
            + "Try a lower learning rate, a smaller gradient clip or a smaller log-scale bound.", state.Step + 1, where, checkpoint);
    }
}
