namespace RealNvp.Flows.Training;

/// <summary>How a model is trained. Every setting has a default that suits small flows on small data.</summary>
public sealed record TrainingOptions
{
    /// <summary>Updates at most.</summary>
    public long Steps { get; init; } = 2000;

    /// <summary>Events in a batch; all of the data where there is less. Each epoch runs over the data in a new order.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Peak learning rate of Adam.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>The rate's course over the run.</summary>
    public Schedule Schedule { get; init; } = Schedule.Cosine();

    /// <summary>The gradient's norm is cut to this; null for no cutting.</summary>
    public double? ClipGradient { get; init; } = 100;

    /// <summary>Decoupled weight decay.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Standard deviation of normal noise added to each batch, on the data's scale; 0 for none.</summary>
    public double DataNoise { get; init; }

    /// <summary>
    /// Probability with which an event of a batch loses its context: zeros take its place, so that the model learns what holds
    /// without one, as guidance needs it (Ho, Salimans 2022, arXiv:2207.12598).
    /// </summary>
    public double DropContext { get; init; }

    /// <summary>
    /// For whole numbers 0 to Levels - 1 (images as bytes, on any device): each batch is dequantised as it is drawn, (x + u) /
    /// Levels with fresh uniform u, and held-out data with the same u at every evaluation. Null for data that are real numbers.
    /// </summary>
    public int? Levels { get; init; }

    /// <summary>
    /// Mirror each training image [C, H, W] left to right with probability one half, and with it a context that is an image to
    /// the model's networks.
    /// </summary>
    public bool FlipHorizontally { get; init; }

    /// <summary>
    /// Decay d of an exponential moving average of the parameters, 0.999 say; null for none. Held-out losses are those of the
    /// average, and the model that comes back is the average.
    /// </summary>
    public double? EmaDecay { get; init; }

    /// <summary>
    /// Convolutions of the training passes in bfloat16, all else and every evaluation in float32: worth it on GPUs, and on CPUs
    /// with instructions for bfloat16.
    /// </summary>
    public bool BFloat16Convolutions { get; init; }

    /// <summary>Seed of the order of the data and of the noise.</summary>
    public long Seed { get; init; }

    /// <summary>Steps from one evaluation on held-out data to the next.</summary>
    public long EvaluateEvery { get; init; } = 50;

    /// <summary>Evaluations without improvement after which training stops; null to never stop early.</summary>
    public int? Patience { get; init; } = 20;

    /// <summary>Events that one evaluation takes at a time.</summary>
    public int EvaluationBatch { get; init; } = 8192;

    /// <summary>Steps from one line of the log to the next.</summary>
    public long LogEvery { get; init; } = 50;

    /// <summary>
    /// Where checkpoints go, a .safetensors file; null for none. One run at a time writes it: another one's start is an
    /// IOException that names the process.
    /// </summary>
    public string? Checkpoint { get; init; }

    /// <summary>
    /// What a checkpoint says besides, by key: the model's description (<see cref="Models.ImageModel.ToMetadata"/>), the data
    /// set's name.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Steps from one checkpoint to the next.</summary>
    public long CheckpointEvery { get; init; } = 500;

    /// <summary>
    /// Go on from the checkpoint where there is one. The run then ends in the same parameters as one that was never stopped.
    /// </summary>
    public bool Resume { get; init; }

    /// <summary>Called at each line of the log.</summary>
    public Action<TrainingProgress>? Progress { get; init; }

    /// <summary>
    /// Called after each evaluation on held-out data, while the model holds what was evaluated (the average where there is one)
    /// in evaluation mode.
    /// </summary>
    public Action<TrainingProgress>? Evaluated { get; init; }

    /// <summary>Called after each checkpoint, with its path and the log so far.</summary>
    public Action<string, TrainingLog>? Saved { get; init; }

    /// <summary>Stops the run at the next step, with a checkpoint where there is a place for one.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>
    /// For some hundreds of standardised events: normal noise of a tenth of the data's scale on each batch, which keeps the
    /// density from gathering on single points (as a kernel estimate's bandwidth does), and frequent evaluation, since such a fit
    /// peaks within some hundred steps.
    /// </summary>
    public static TrainingOptions SmallData { get; } = new() { Steps = 1500, DataNoise = 0.1, EvaluateEvery = 10, Patience = 30 };

    /// <summary>
    /// For a density's fine detail, from ten thousand events up: more steps at a higher rate, which falls along a cosine to
    /// almost nothing, so that the noise of single batches averages out.
    /// </summary>
    public static TrainingOptions Fine { get; } =
        new() { Steps = 6000, LearningRate = 5e-3, EvaluateEvery = 250, Patience = null };

    internal void Validate()
    {
        Positive(Steps, nameof(Steps));
        Positive(BatchSize, nameof(BatchSize));
        Positive(EvaluateEvery, nameof(EvaluateEvery));
        Positive(EvaluationBatch, nameof(EvaluationBatch));
        Positive(LogEvery, nameof(LogEvery));
        Positive(CheckpointEvery, nameof(CheckpointEvery));
        if (!(LearningRate > 0) || !double.IsFinite(LearningRate))
            throw new ArgumentException($"{nameof(LearningRate)} is positive and finite, but was {LearningRate}.",
                nameof(LearningRate));
        if (ClipGradient is { } clip && !(clip > 0))
            throw new ArgumentException($"{nameof(ClipGradient)} is positive or null, but was {clip}.", nameof(ClipGradient));
        if (Patience is { } patience) Positive(patience, nameof(Patience));
        Arguments.NotNegative(DataNoise);
        Arguments.NotNegative(WeightDecay);
        if (!(DropContext is >= 0 and < 1))
            throw new ArgumentException($"{nameof(DropContext)} is a probability below 1, but was {DropContext}.",
                nameof(DropContext));
        if (Levels is < 2)
            throw new ArgumentException($"{nameof(Levels)} is at least 2, or null for data that are real numbers, but was "
                + $"{Levels}.", nameof(Levels));
        if (EmaDecay is { } decay && !(decay is > 0 and < 1))
            throw new ArgumentException($"{nameof(EmaDecay)} lies between 0 and 1, but was {decay}.", nameof(EmaDecay));
        if (Resume && Checkpoint is null)
            throw new ArgumentException($"{nameof(Resume)} needs the {nameof(Checkpoint)} to go on from.", nameof(Resume));
    }

    private static void Positive(long value, string name)
    {
        if (value < 1) throw new ArgumentException($"{name} is at least 1, but was {value}.", name);
    }
}
