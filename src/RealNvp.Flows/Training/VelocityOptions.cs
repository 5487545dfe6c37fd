namespace RealNvp.Flows.Training;

/// <summary>Which noise an event is joined with.</summary>
public enum NoisePairing
{
    /// <summary>Any: noise is drawn without regard to the event.</summary>
    Independent,

    /// <summary>
    /// Within each batch, pairs of the smallest sum of squared distances: ways cross less, and a field of straight ways needs
    /// fewer steps (Tong et al. 2024, arXiv:2302.00482). Exact up to batches of 512, by an entropic plan above.
    /// </summary>
    OptimalTransport,
}

/// <summary>How a velocity is taught by flow matching; see <see cref="Trainer.FitVelocity"/>.</summary>
public sealed record VelocityOptions
{
    /// <summary>The way from an event to its noise.</summary>
    public ProbabilityPath Path { get; init; } = ProbabilityPath.Linear;

    /// <summary>Which noise an event is joined with.</summary>
    public NoisePairing Pairing { get; init; }
}
