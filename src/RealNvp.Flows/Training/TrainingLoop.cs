using System.Diagnostics;
using RealNvp.Flows.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>
/// The loop behind <see cref="Trainer"/>: update, evaluate, log, checkpoint. On the CPU each step's loss is read at once; on a GPU losses stay there until the
/// next line of the log, evaluation or checkpoint, so that the host never waits in between (a step whose loss or gradient is not finite leaves the parameters as they are),
/// and the step's work may be captured as a graph and replayed.
/// </summary>
internal sealed class TrainingLoop(nn.Module model, FlatParameters parameters, TrainingOptions options)
{
    private const double LongestWait = 1e9;   // seconds; a run without an end has no time left that can be told

    /// <summary>The loss at a step; where the step's work is captured, one that does the same at each step.</summary>
    internal required Func<long, Tensor> Loss { get; init; }

    /// <summary>Comes before each step's work, and is never captured: draws its batch.</summary>
    internal Action<long>? Draw { get; init; }

    /// <summary>How to capture a step's work where losses are read late; null to do it plainly each time.</summary>
    internal Capturing? Capturing { get; init; }

    /// <summary>Why <see cref="Capturing"/> is null although it was wanted.</summary>
    internal string? CaptureRefusal { get; init; }

    internal Func<double>? HeldOutLoss { get; init; }

    internal Func<string?>? Diagnose { get; init; }

    internal Generator? Noise { get; init; }

    internal string DataFingerprint { get; init; } = "";

    /// <summary>Whether losses are read late; for tests, which have no GPU.</summary>
    internal bool ReadsLate { get; init; } = parameters.Values.device.type != DeviceType.CPU;

    internal TrainingResult Run()
    {
        using var gradients = torch.enable_grad();
        using var adam = new FlatAdam(parameters, options.WeightDecay);
        using var ema = options.EmaDecay is { } decay ? new Ema(model, parameters, decay) : null;
        using var state = new TrainingState(model, parameters, adam, ema, options, Noise, DataFingerprint);
        using var losses = new LossReader(parameters.Values.device);
        using var precision = options.BFloat16Convolutions ? Precision.BFloat16(model) : null;
        using var late = new RepeatedWork(() => UpdateLate(state.Step, adam, ema, losses), Capturing);
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
            var rate = Update(state, adam, ema, losses, late);
            var (evaluates, logs, saves) = (
                HeldOutLoss is not null && (state.Step % options.EvaluateEvery == 0 || state.Step == options.Steps),
                state.Step % options.LogEvery == 0 || state.Step == options.Steps,
                state.Step % options.CheckpointEvery == 0);
            if (evaluates || logs || saves || !ReadsLate) Read(state, losses);
            if (evaluates) Evaluate(state, ema, first, clock.Elapsed);
            if (logs) Report(state, rate, losses.LastNorm, first, clock.Elapsed);
            if (saves) state.Save();
        }
        Read(state, losses);
        if (state.Step != state.SavedStep) state.Save();
        if (!state.PutBestBack()) ema?.PutIntoModel();
        model.eval();
        return new(outcome, state.Step, HeldOutLoss is null ? state.Step : state.BestStep, HeldOutLoss is null ? null : state.BestLoss, state.Log, clock.Elapsed)
        {
            ReplayedSteps = late.Replays,
            CaptureRefusal = CaptureRefusal ?? late.Refusal,
        };
    }

    private double Update(TrainingState state, FlatAdam adam, Ema? ema, LossReader losses, RepeatedWork late)
    {
        using var scope = NewDisposeScope();
        var rate = options.LearningRate * options.Schedule.Factor(state.Step, options.Steps);
        using (torch.no_grad())
        {
            Draw?.Invoke(state.Step);
            adam.Prepare(rate);
            ema?.Prepare(state.Step + 1);
        }
        if (ReadsLate)
        {
            late.Run();
            losses.Count();
        }
        else UpdateAtOnce(state, adam, ema, losses);
        state.Step++;
        return rate;
    }

    private void UpdateAtOnce(TrainingState state, FlatAdam adam, Ema? ema, LossReader losses)
    {
        parameters.Gradients.zero_();
        var loss = Loss(state.Step);
        var value = loss.ToDouble();
        if (!double.IsFinite(value)) throw Diverged(state, state.Step + 1, $"the loss is {value}", Diagnose?.Invoke());
        loss.backward();
        using var guard = torch.no_grad();
        var length = parameters.Gradients.norm().ToDouble();
        if (!double.IsFinite(length)) throw Diverged(state, state.Step + 1, $"the gradient's norm is {length}", Divergence.FirstGradient(model));
        if (options.ClipGradient is { } most && length > most) parameters.Gradients.mul_(most / length);
        losses.AddRead(value, length);
        adam.Step();
        ema?.Update();
    }

    /// <summary>Asks for no value: the host goes on at once.</summary>
    private void UpdateLate(long step, FlatAdam adam, Ema? ema, LossReader losses)
    {
        using var scope = NewDisposeScope();
        parameters.Release();
        var loss = Loss(step);
        loss.backward();
        using var guard = torch.no_grad();
        parameters.Gather();
        var norm = parameters.Gradients.norm();
        losses.Add(loss, norm);
        parameters.Gradients.nan_to_num_(0, 0, 0);
        if (options.ClipGradient is { } most) parameters.Gradients.mul_((norm.reciprocal() * most).clamp_max(1).nan_to_num(0, 0, 0));
        adam.Step();
        ema?.Update();
    }

    private void Read(TrainingState state, LossReader losses)
    {
        if (losses.Read() is not { } seen) return;
        if (seen.FirstBad is { } bad)
            throw Diverged(state, state.Step - seen.Count + bad + 1, "the loss or the gradient's norm is not finite", Diagnose?.Invoke());
        state.Count(seen.Sum, seen.Count);
    }

    private void Evaluate(TrainingState state, Ema? ema, long first, TimeSpan elapsed)
    {
        using var average = ema?.InModel();
        using var precision = options.BFloat16Convolutions ? Precision.Float32(model) : null;
        model.eval();
        state.Judge(HeldOutLoss!());
        options.Evaluated?.Invoke(Progress(state, state.MeanLoss, first, elapsed));
        model.train();
    }

    private void Report(TrainingState state, double rate, double norm, long first, TimeSpan elapsed)
    {
        var loss = state.MeanLossSinceReport();
        state.Log.Add(new(state.Step, loss, state.LastHeldOutLoss, rate, norm));
        options.Progress?.Invoke(Progress(state, loss, first, elapsed));
    }

    private TrainingProgress Progress(TrainingState state, double loss, long first, TimeSpan elapsed)
    {
        var perSecond = (state.Step - first) / Math.Max(1e-9, elapsed.TotalSeconds);
        return new(state.Step, options.Steps, loss, state.LastHeldOutLoss, perSecond,
            TimeSpan.FromSeconds(Math.Min(LongestWait, (options.Steps - state.Step) / Math.Max(1e-9, perSecond))));
    }

    private TrainingDivergedException Diverged(TrainingState state, long step, string what, string? where)
    {
        var checkpoint = state.SavedStep > 0 ? options.Checkpoint : null;
        var kept = state.PutBestBack() ? $"The model holds its best parameters, of step {state.BestStep}." : "The model holds the last parameters.";
        return new($"Training stopped at step {step}: {what}{(where is null ? "" : $", first in {where}")}. "
            + $"{(checkpoint is null ? "No checkpoint was written." : $"The last good checkpoint is {checkpoint}, of step {state.SavedStep}.")} {kept} "
            + "Try a lower learning rate, a smaller gradient clip or a smaller log-scale bound.", step, where, checkpoint);
    }
}
