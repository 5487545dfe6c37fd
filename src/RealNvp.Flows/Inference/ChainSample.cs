using static TorchSharp.torch;

namespace RealNvp.Flows.Inference;

/// <summary>What Markov chains drew.</summary>
/// <param name="X">[steps, chains, ...event], without the warm-up.</param>
/// <param name="Acceptance">The part of proposals that were taken.</param>
/// <param name="StepSize">Of the leapfrog after the warm-up; 0 where there is none.</param>
public sealed record ChainSample(Tensor X, double Acceptance, double StepSize)
{
    /// <summary>One line; chains that stand still are said: what they drew is no sample of p.</summary>
    public override string ToString() =>
        $"{X.size(0)} steps of {X.size(1)} chains, {Acceptance:p0} accepted"
        + (Acceptance < 0.05 ? ": the chains hardly move" : "");
}
