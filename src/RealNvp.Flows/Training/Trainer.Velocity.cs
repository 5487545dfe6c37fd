using RealNvp.Flows.Distributions;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

public static partial class Trainer
{
    /// <summary>
    /// Flow matching: teaches the velocity of a continuous flow by regression, without solving its equation (Lipman et al. 2023,
    /// arXiv:2210.02747; Liu et al. 2023, arXiv:2209.03003; Tong et al. 2024, arXiv:2302.00482). Afterwards the flow gives
    /// log-densities and samples by its solver, as one that was fitted by <see cref="Fit"/>.
    /// </summary>
    /// <remarks>
    /// The loss is no likelihood: its smallest value is the data's own spread. With held-out data the velocity's loss on them, at
    /// noise and times that stay, decides which parameters are kept.
    /// </remarks>
    /// <param name="flow">A flow that ends with a <see cref="Bijections.ContinuousFlow"/>; what comes before, and the base,
    /// have no parameters.</param>
    /// <param name="train">Data [N, d].</param>
    /// <param name="heldOut">Data [M, d] that no gradient sees; null for none.</param>
    /// <param name="options">Steps, rates, checkpoints, progress.</param>
    /// <param name="matching">Paths and pairs; null is straight lines to independent noise.</param>
    /// <param name="trainContext">One context for each training event; only for conditional models.</param>
    /// <param name="heldOutContext">One context for each held-out event; only for conditional models.</param>
    /// <returns>What the run came to; the model is in evaluation mode, with its best parameters.</returns>
    /// <exception cref="ArgumentException">The flow has another form, pairs by optimal transport are asked for with a context,
    /// or the data are what <see cref="Fit"/> refuses.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a gradient was no longer a number.</exception>
    public static TrainingResult FitVelocity(Flow flow, Tensor train, Tensor? heldOut = null, TrainingOptions? options = null,
        VelocityOptions? matching = null, Tensor? trainContext = null, Tensor? heldOutContext = null)
    {
        ArgumentNullException.ThrowIfNull(flow);
        options ??= new();
        matching ??= new();
        options.Validate();
        Disposed.Require(flow);
        var velocity = new VelocityLoss(flow, matching);
        RequireData(flow, train, trainContext, nameof(train), options);
        if (heldOut is not null) RequireData(flow, heldOut, heldOutContext, nameof(heldOut), options);
        if (options.Levels is not null)
            throw new ArgumentException($"Flow matching takes data that are real numbers; dequantise them first, and leave "
                + $"{nameof(options.Levels)} null.", nameof(options));
        if (trainContext is not null && matching.Pairing == NoisePairing.OptimalTransport)
            throw new ArgumentException("Pairs by optimal transport would make the noise depend on the context, which it does "
                + $"not in sampling; take {nameof(NoisePairing)}.{nameof(NoisePairing.Independent)} for conditional flows.",
                nameof(matching));
        using var scope = NewDisposeScope();
        using var parameters = new FlatParameters(flow);
        var like = parameters.Values;
        Tensor Placed(Tensor x, Tensor? context) =>
            velocity.Seen(x.to(like.dtype, like.device), context?.to(like.dtype, like.device));
        var seen = Placed(train, trainContext);
        Data.Finite.Require(seen, nameof(train));
        using var batches = new Batches(seen, trainContext?.to(like.dtype, like.device), options, flow);
        var held = heldOut is null ? null : Placed(heldOut, heldOutContext);
        var heldContext = heldOutContext?.to(like.dtype, like.device);
        // Which pairs are the cheapest depends on how many there are to choose from: as many as in training.
        var heldOutBatch = matching.Pairing == NoisePairing.OptimalTransport ? options.BatchSize : options.EvaluationBatch;
        return new TrainingLoop(flow, parameters, options)
        {
            Loss = step =>
            {
                var (x, context) = batches.At(step);
                return velocity.Of(x, context, batches.Noise);
            },
            HeldOutLoss = held is null ? null
                : () => velocity.HeldOut(held, heldContext, options.Seed, heldOutBatch),
            Noise = batches.Noise,
            DataFingerprint = batches.Fingerprint,
        }.Run();
    }
}
