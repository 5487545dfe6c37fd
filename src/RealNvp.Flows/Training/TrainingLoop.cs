using System.Diagnostics;
using RealNvp.Flows.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>The loop behind <see cref="Trainer"/>: draw, loss, backward, clip, update, evaluate, log, save.</summary>
internal sealed class TrainingLoop(nn.Module model, FlatParameters parameters, TrainingOptions options)
{
    private const double LongestWait = 1e9;   // seconds; a run without an end has no time left that can be told

    /// <summary>Draws a batch and gives its loss at a step, from 0.</summary>
    internal required Func<long, Tensor> Loss { get; init; }

    internal Func<double>? HeldOutLoss { get; init; }

    internal Func<string?>? Diagnose { get; init; }

    internal Generator? Noise { get; init; }

    /// <summary>Sentences on the data, for the result and for the message where training diverges.</summary>
    internal IReadOnlyList<string> Remarks { get; init; } = [];

    internal string DataFingerprint { get; init; } = "";

    /// <exception cref="InvalidOperationException">torch is in inference mode.</exception>
    internal TrainingResult Run()
    {
        using var alone = options.Checkpoint is { } path ? FileLock.Take(path) : null;
        using var gradients = torch.enable_grad();
        using var precision = options.BFloat16Convolutions ? Precision.BFloat16(model) : null;
        using var adam = new FlatAdam(parameters, options.WeightDecay);
        using var ema = options.EmaDecay is { } decay ? new Ema(model, parameters, decay) : null;
        using var best = new BestParameters(model);
        var checkpoint = new TrainingCheckpoint(model, parameters, adam, ema, best, options)
        {
            Noise = Noise,
            DataFingerprint = DataFingerprint
        };
        var state = checkpoint.Load();
        var pace = new Pace(state.Step, Stopwatch.StartNew());
        model.train();
        while (GoesOn(state))
        {
            double loss, norm;
            var rate = options.LearningRate * options.Schedule.Factor(state.Step, options.Steps);
            using (NewDisposeScope())
            {
                parameters.Gradients.zero_();
                var mean = Loss(state.Step);
                mean.backward();
                using var guard = torch.no_grad();
                // Read together, and after the backward pass was issued: a GPU is waited for once in a step.
                var length = parameters.Gradients.norm();
                (loss, norm) = (mean.ToDouble(), length.ToDouble());
                if (!double.IsFinite(loss)) throw Diverged($"the loss is {loss}", Diagnose?.Invoke());
                if (!double.IsFinite(norm)) throw Diverged($"the gradient's norm is {norm}", Divergence.FirstGradient(model));
                if (options.ClipGradient is { } most && norm > most) parameters.Gradients.mul_(most / norm);
                adam.Step(rate);
                state.Count(loss);
                ema?.Update(state.Step);
            }
            var isLast = state.Step == options.Steps;
            if (HeldOutLoss is not null && (isLast || state.Step % options.EvaluateEvery == 0)) Evaluate();
            if (isLast || state.Step % options.LogEvery == 0)
            {
                var progress = Progress();
                state.AddLine(rate, norm);
                options.Progress?.Invoke(progress);
            }
            if (state.Step % options.CheckpointEvery == 0) checkpoint.Save(state);
        }
        checkpoint.Save(state);
        if (!best.PutBack()) ema?.PutIntoModel();
        model.eval();
        return HeldOutLoss is null
            ? new(Outcome(state), state.Step, state.Step, null, state.Log, pace.Clock.Elapsed) { Remarks = Remarks }
            : new(Outcome(state), state.Step, state.BestStep, state.BestLoss, state.Log,
            pace.Clock.Elapsed)
            { Remarks = Remarks };

        void Evaluate()
        {
            using (ema?.InModel())
            using (options.BFloat16Convolutions ? Precision.Float32(model) : null)
            {
                model.eval();
                if (state.Judge(HeldOutLoss())) best.Keep();
                options.Evaluated?.Invoke(Progress());
                model.train();
            }
        }

        TrainingProgress Progress()
        {
            var perSecond = pace.StepsPerSecond(state.Step);
            var left = Math.Min(LongestWait, (options.Steps - state.Step) / perSecond);
            return new(state.Step, options.Steps, state.MeanLoss, state.HeldOutLoss, perSecond, TimeSpan.FromSeconds(left));
        }

        TrainingDivergedException Diverged(string what, string? where)
        {
            var step = state.Step + 1;
            var file = checkpoint.SavedStep > 0 ? options.Checkpoint : null;
            model.eval();
            var kept = best.PutBack() ? $"The model holds its best parameters, of step {state.BestStep}."
                : "The model holds the last parameters.";
            return new($"Training stopped at step {step}: {what}{(where is null ? "" : $", first in {where}")}. "
                + $"{(file is null ? "No checkpoint was written." : $"The last good checkpoint is {file}, of step {checkpoint.SavedStep}.")} {kept} "
                + (Remarks.Count > 0 ? string.Join(" ", Remarks)
                    : "Try a lower learning rate, a smaller gradient clip or a smaller log-scale bound."), step, where, file);
        }
    }

    private bool GoesOn(TrainingState state) =>
        state.Step < options.Steps && !options.Cancellation.IsCancellationRequested
        && !(state.EvaluationsWithoutGain >= options.Patience);

    private TrainingOutcome Outcome(TrainingState state) =>
        state.Step >= options.Steps ? TrainingOutcome.Completed
        : options.Cancellation.IsCancellationRequested ? TrainingOutcome.Cancelled
        : TrainingOutcome.StoppedEarly;

    private sealed record Pace(long FirstStep, Stopwatch Clock)
    {
        internal double StepsPerSecond(long step) =>
            Math.Max(1e-9, (step - FirstStep) / Math.Max(1e-9, Clock.Elapsed.TotalSeconds));
    }
}
