namespace RealNvp.Flows.Simulation;

/// <summary>How a simulator is run.</summary>
public sealed record SimulationOptions
{
    /// <summary>Parameters that the simulator gets at a time; 1 for one that takes a single row.</summary>
    public int BatchSize { get; init; } = 1024;

    /// <summary>Called after each batch with the number of draws done.</summary>
    public Action<long>? Progress { get; init; }

    /// <summary>Ends the run between two batches.</summary>
    public CancellationToken Cancellation { get; init; }

    internal void Validate() => Arguments.AtLeastOne(BatchSize);
}
