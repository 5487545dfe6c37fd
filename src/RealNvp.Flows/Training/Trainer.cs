using RealNvp.Flows.Bijections;
using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Inference;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

/// <summary>Trains densities by maximum likelihood, and any module by a loss of its own.</summary>
/// <example>
/// <code>
/// var (train, heldOut) = Splits.TrainHeldOut(Toys.Moons(1000));
/// var flow = Architectures.RealNvp2D(layers: 4, hidden: [32]);
/// var result = Trainer.Fit(flow, train, heldOut, new() { Steps = 60, LearningRate = 1e-3, EvaluateEvery = 20 });
/// Console.WriteLine($"{result.Outcome} after {result.Steps} steps");
/// // prints Completed after 60 steps
/// </code>
/// </example>
public static partial class Trainer
{
    /// <summary>
    /// Maximum likelihood: minimises the mean of -log p(x) over the training data with Adam. With held-out data, training stops
    /// when its loss no longer falls, and the best parameters are put back.
    /// </summary>
    /// <param name="model">A flow or another density with parameters.</param>
    /// <param name="train">Data [N, ...event].</param>
    /// <param name="heldOut">Data [M, ...event] that no gradient sees; null for none.</param>
    /// <param name="options">Steps, rates, checkpoints, progress.</param>
    /// <param name="trainContext">One context for each training event; only for conditional models.</param>
    /// <param name="heldOutContext">One context for each held-out event; only for conditional models.</param>
    /// <returns>What the run came to; the model is in evaluation mode, with its best parameters.</returns>
    /// <exception cref="ArgumentException">There is no data, its shape is not the model's, it holds a value that is not finite
    /// (row and column are named) or that the model's precision or its first map cannot take, an option is senseless, or the
    /// checkpoint to resume is of another model or run.</exception>
    /// <exception cref="InvalidOperationException">torch is in inference mode.</exception>
    /// <exception cref="InvalidDataException">The checkpoint to resume is damaged.</exception>
    /// <exception cref="IOException">The checkpoint cannot be written, or another run writes it.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a gradient was no longer a number; the model is in evaluation
    /// mode, with its best parameters where there was an evaluation.</exception>
    public static TrainingResult Fit(Distribution model, Tensor train, Tensor? heldOut = null, TrainingOptions? options = null,
        Tensor? trainContext = null, Tensor? heldOutContext = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new();
        options.Validate();
        Disposed.Require(model);
        RequireGradients();
        RequireData(model, train, trainContext, nameof(train), options);
        if (heldOut is not null) RequireData(model, heldOut, heldOutContext, nameof(heldOut), options);
        else if (heldOutContext is not null)
            throw new ArgumentException("A context of held-out data was given, but no held-out data: give heldOut, too, or leave "
                + "heldOutContext out.", nameof(heldOutContext));
        using var scope = NewDisposeScope();
        using var parameters = new FlatParameters(model);
        var like = parameters.Values;
        foreach (var (given, name) in new[] { (train, nameof(train)), (heldOut, nameof(heldOut)), (trainContext,
            nameof(trainContext)),
            (heldOutContext, nameof(heldOutContext)) })
            if (given is not null) Rounding.Require(given, like.dtype, name);
        // Whole numbers stay bytes, on the model's device once for all; batches are dequantised there.
        Tensor Placed(Tensor x) => options.Levels is null
            ? x.to(like.dtype, like.device) : x.to(options.Levels <= 256 ? ScalarType.Byte : ScalarType.Int32, like.device);
        using var batches = new Batches(Placed(train), trainContext?.to(like.dtype, like.device), options, model);
        var held = heldOut is null ? null : Placed(heldOut);
        var heldContext = heldOutContext?.to(like.dtype, like.device);
        (Tensor X, Tensor? Context) batch = (train, trainContext);
        foreach (var norm in model.modules().OfType<ActNorm>()) norm.ForgetUntrainedStart();
        var loop = new TrainingLoop(model, parameters, options)
        {
            Loss = step =>
            {
                batch = batches.At(step);
                return model.LogProb(batch.X, batch.Context).mean().neg();
            },
            HeldOutLoss = held is null ? null : () => HeldOutLoss(model, held, heldContext, options),
            Diagnose = () => Divergence.FirstLayer(model, batch.X, batch.Context),
            Noise = batches.Noise,
            Remarks = DataRemarks.Of(model, train, options),
            DataFingerprint = batches.Fingerprint,
        };
        return loop.Run();
    }

    /// <summary>
    /// Minimises a loss of the caller's own over a model's parameters, with the same schedule, clipping, checkpoints and log as
    /// <see cref="Fit"/>; see <see cref="FitReverse"/> for variational inference.
    /// </summary>
    /// <param name="model">The module whose parameters change.</param>
    /// <param name="loss">The loss at a step (from 0), a scalar. It may draw from torch's global generator, whose state
    /// checkpoints keep.</param>
    /// <param name="options">Steps, rates, checkpoints, progress.</param>
    /// <returns>What the run came to; the model is in evaluation mode.</returns>
    public static TrainingResult Minimize(nn.Module model, Func<long, Tensor> loss, TrainingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        options ??= new();
        options.Validate();
        Disposed.Require(model);
        RequireGradients();
        using var scope = NewDisposeScope();
        using var parameters = new FlatParameters(model);
        return new TrainingLoop(model, parameters, options) { Loss = loss }.Run();
    }

    /// <summary>
    /// Variational inference: minimises the reverse divergence E_q[log q(x) - log p(x)] over the model q, for a density p known
    /// up to a factor, from reparametrised samples (Rezende, Mohamed 2015, arXiv:1505.05770, section 4). Minus the loss is at
    /// most log Z, Z the integral of the unnormalised p.
    /// </summary>
    /// <param name="model">q; its samples must carry gradients, as flows' do.</param>
    /// <param name="logDensity">log p(x) up to a constant, [N] for events [N, ...event], differentiable in x.</param>
    /// <param name="options">Steps, rates, checkpoints, progress; the batch size is the number of samples.</param>
    /// <param name="reverse">Another divergence, other gradients, tempering; null is the reverse divergence as above.</param>
    /// <returns>What the run came to; the model is in evaluation mode.</returns>
    /// <exception cref="ArgumentException">The log-density gives no [N], or a setting is senseless.</exception>
    public static TrainingResult FitReverse(Distribution model, Func<Tensor, Tensor> logDensity, TrainingOptions? options = null,
        ReverseOptions? reverse = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(logDensity);
        options ??= new();
        reverse ??= new();
        reverse.Validate();
        return Minimize(model, step =>
        {
            var (x, logQ) = model.SampleWithLogProb(options.BatchSize);
            if (reverse.PathGradients) logQ = AtFixedParameters(model, x);
            var logP = UnnormalizedDensity.At(logDensity, x) * reverse.InverseTemperature(step, options.Steps);
            return reverse.Alpha == 1 ? (logQ - logP).mean()
                : (((logP - logQ) * (1 - reverse.Alpha)).logsumexp(0) - Math.Log(options.BatchSize)) / (reverse.Alpha - 1);
        }, options);
    }

    /// <summary>log q(x) whose gradient goes through x alone.</summary>
    private static Tensor AtFixedParameters(Distribution model, Tensor x)
    {
        var trained = model.parameters().Where(p => p.requires_grad).ToArray();
        foreach (var p in trained) p.requires_grad = false;
        try
        {
            return model.LogProb(x);
        }
        finally
        {
            foreach (var p in trained) p.requires_grad = true;
        }
    }

    /// <summary>
    /// Mean of log p(x) over data, so many events at a time, without gradients and in evaluation mode; the model is left in the
    /// mode that it was in.
    /// </summary>
    /// <exception cref="ArgumentException">There are no events, or a value is not finite; row and column are named.</exception>
    public static double MeanLogProb(Distribution model, Tensor x, Tensor? context = null, int batchSize = 8192)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        var n = x.size(0);
        if (n == 0) throw new ArgumentException("The mean over no data is not defined; give at least one event.", nameof(x));
        Finite.Require(x, nameof(x));
        using var guard = torch.no_grad();
        using var mode = EvaluationMode.Of(model);
        var sum = 0.0;
        for (var at = 0L; at < n; at += batchSize)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(batchSize, n - at);
            sum += model.LogProb(x.narrow(0, at, count), context?.narrow(0, at, count)).sum(ScalarType.Float64).ToDouble();
        }
        return sum / n;
    }

    /// <summary>Minus the mean of log p; whole numbers are dequantised with the same noise each time.</summary>
    private static double HeldOutLoss(Distribution model, Tensor x, Tensor? context, TrainingOptions options)
    {
        if (options.Levels is not { } levels) return -MeanLogProb(model, x, context, options.EvaluationBatch);
        using var guard = torch.no_grad();
        using var noise = new Generator(0, x.device);
        noise.manual_seed(options.Seed);
        var (n, sum) = (x.size(0), 0.0);
        for (var at = 0L; at < n; at += options.EvaluationBatch)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(options.EvaluationBatch, n - at);
            var part = Dequantize.Fast(x.narrow(0, at, count), levels, noise);
            sum += model.LogProb(part, context?.narrow(0, at, count)).sum(ScalarType.Float64).ToDouble();
        }
        return -sum / n;
    }

    /// <exception cref="InvalidOperationException">torch is in inference mode.</exception>
    private static void RequireGradients()
    {
        if (torch.is_inference_mode_enabled())
            throw new InvalidOperationException("Training needs gradients, which torch.inference_mode() leaves out: train "
                + "outside its block.");
    }

    private static void RequireData(Distribution model, Tensor x, Tensor? context, string name, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(x, name);
        using var scope = NewDisposeScope();
        if (options.Levels is { } levels)
        {
            Dequantize.Require(x, levels, name);
            // the shape is what is left to check
            x = x.narrow(0, 0, Math.Min(1, x.size(0))).to(ScalarType.Float32).expand(x.shape);
        }
        if (options.FlipHorizontally && x.dim() != 4)
            throw new ArgumentException($"{nameof(options.FlipHorizontally)} mirrors images [N, C, H, W], but {name} has shape "
                + $"{Shapes.Text(x.shape)}.", name);
        if (options.DropContext > 0 && model.ContextSize is null)
            throw new ArgumentException($"{nameof(options.DropContext)} leaves out contexts, but {model.GetName()} takes none; "
                + "build it with contextSize.", nameof(options));
        Shapes.Require(model.GetName(), x, model.EventShape, name);
        if (x.size(0) == 0) throw new ArgumentException($"{name} holds no events; training needs at least one.", name);
        Shapes.RequireContext(model.GetName(), context, model.ContextSize, x.size(0), name + "Context");
        Finite.Require(x, name);
        if (options.Levels is null) DataRemarks.RequireDomain(model, x, name);
        if (context is not null) Finite.Require(context, name + "Context");
    }
}
