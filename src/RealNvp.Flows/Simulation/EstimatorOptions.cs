using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using static TorchSharp.torch;

namespace RealNvp.Flows.Simulation;

/// <summary>How a conditional density is fitted to simulated pairs. The defaults suit some thousand to some 100,000
/// pairs.</summary>
public sealed record EstimatorOptions
{
    /// <summary>
    /// A network from data [N, ...], each number standardised, to features [N, k]: for images, series and sets. It is trained
    /// with the flow, and is the estimator's from then on. Null: the numbers themselves. For posteriors only.
    /// </summary>
    public nn.Module<Tensor, Tensor>? Embedding { get; init; }

    /// <summary>
    /// Makes the flow, from the dimension of its events and the features of its context; it sees events whose linear regression
    /// on the context was taken off, whitened. Null: a spline flow of <see cref="Layers"/> and <see cref="Width"/>.
    /// </summary>
    public Func<int, long, Flow>? Flow { get; init; }

    /// <summary>Layers of the spline flow.</summary>
    public int Layers { get; init; } = 5;

    /// <summary>Width of its networks.</summary>
    public int Width { get; init; } = 64;

    /// <summary>
    /// What the events may be, column by column: of parameters for a posterior (null: what <see cref="Support.Of"/> knows of the
    /// prior), of data for a likelihood (null: any number).
    /// </summary>
    public IReadOnlyList<Support>? Supports { get; init; }

    /// <summary>The part of the pairs that no gradient sees: it says when to stop.</summary>
    public double HeldOut { get; init; } = 0.1;

    /// <summary>Steps, rates and more; null: what suits the number of pairs.</summary>
    public TrainingOptions? Training { get; init; }

    /// <summary>Determines weights, the pairs that are held out, and their order. Torch's global generator is left as it
    /// was.</summary>
    public int Seed { get; init; }

    internal void Validate()
    {
        Arguments.AtLeastOne(Layers);
        Arguments.AtLeastOne(Width);
        if (!(HeldOut is > 0 and < 1))
            throw new ArgumentException($"{nameof(HeldOut)} lies between 0 and 1, but was {HeldOut}.", nameof(HeldOut));
        Training?.Validate();
    }

    private const int WarmupEpochs = 5;

    /// <summary>For so many pairs to train on.</summary>
    internal TrainingOptions TrainingFor(long pairs)
    {
        const int Batch = 256;
        var epoch = Math.Max(1, pairs / Batch);
        return Training ?? new()
        {
            Steps = Math.Clamp(100 * epoch, 1000, 12_000),
            BatchSize = Batch,
            LearningRate = 2e-3,
            // The flow starts at the linear-Gaussian posterior: where that is right, the first evaluation is to be near it yet.
            Schedule = Schedule.Warmup(WarmupEpochs * epoch, Schedule.Cosine()),
            ClipGradient = 5,
            EvaluateEvery = Math.Clamp(epoch, 20, 200),
            Patience = 25,
            EmaDecay = 0.99,
            Seed = Seed,
        };
    }
}
