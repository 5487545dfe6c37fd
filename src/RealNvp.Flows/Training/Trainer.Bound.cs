using RealNvp.Flows.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Training;

public static partial class Trainer
{
    /// <summary>
    /// Fits a table of real numbers, categories and whole numbers: minimises minus the mean of the bound of log P(x), over the
    /// flow and the noise together. The losses that come back are of the bound; see <see cref="MixedTable.LowerBound"/>.
    /// </summary>
    /// <param name="model">The table's model.</param>
    /// <param name="train">Rows [N, columns].</param>
    /// <param name="heldOut">Rows [M, columns] that no gradient sees; null for none. They meet the same noise at each
    /// evaluation.</param>
    /// <param name="options">Steps, rates, checkpoints, progress; noise on the data goes to real columns alone.</param>
    /// <param name="trainContext">One context for each training row; only for conditional models.</param>
    /// <param name="heldOutContext">One context for each held-out row; only for conditional models.</param>
    /// <returns>What the run came to; the model is in evaluation mode, with its best parameters.</returns>
    /// <exception cref="ArgumentException">The shape is not the model's, a value is not finite or lies outside of its column's
    /// support (row and column are named), or an option is senseless.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a gradient was no longer a number.</exception>
    public static TrainingResult FitBound(MixedTable model, Tensor train, Tensor? heldOut = null, TrainingOptions? options = null,
        Tensor? trainContext = null, Tensor? heldOutContext = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new();
        options.Validate();
        Disposed.Require(model);
        RequireGradients();
        if (options.Levels is not null)
            throw new ArgumentException($"{nameof(options.Levels)} dequantises images; a table's supports say what its columns "
                + "hold: leave it null.", nameof(options));
        RequireRows(model, train, trainContext, nameof(train));
        if (heldOut is not null) RequireRows(model, heldOut, heldOutContext, nameof(heldOut));
        using var scope = NewDisposeScope();
        using var parameters = new FlatParameters(model);
        var like = parameters.Values;
        Tensor? Placed(Tensor? x) => x?.to(like.dtype, like.device);
        var (held, heldContext) = (Placed(heldOut), Placed(heldOutContext));
        using var batches = new Batches(Placed(train)!, Placed(trainContext), options with { DataNoise = 0 }, model);
        var real = torch.tensor(model.Supports.SelectMany(s => Enumerable.Repeat(s.IsDiscrete ? 0 : options.DataNoise, s.Columns))
            .ToArray(), dtype: like.dtype, device: like.device);
        return new TrainingLoop(model, parameters, options)
        {
            Loss = step =>
            {
                var (x, context) = batches.At(step);
                if (options.DataNoise > 0)
                    x = x + torch.randn(x.shape, x.dtype, x.device, generator: batches.Noise) * real;
                return model.Bound(x, 1, context, batches.Noise).mean().neg();
            },
            HeldOutLoss = held is null ? null : () => -MeanBound(model, held, heldContext, options),
            Noise = batches.Noise,
            DataFingerprint = batches.Fingerprint,
        }.Run();
    }

    private static double MeanBound(MixedTable model, Tensor x, Tensor? context, TrainingOptions options)
    {
        using var guard = torch.no_grad();
        using var noise = new Generator(0, x.device);
        noise.manual_seed(options.Seed);
        var (n, sum) = (x.size(0), 0.0);
        for (var at = 0L; at < n; at += options.EvaluationBatch)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(options.EvaluationBatch, n - at);
            var part = model.Bound(x.narrow(0, at, count), 1, context?.narrow(0, at, count), noise);
            sum += part.sum(ScalarType.Float64).ToDouble();
        }
        return sum / n;
    }

    private static void RequireRows(MixedTable model, Tensor x, Tensor? context, string name)
    {
        ArgumentNullException.ThrowIfNull(x, name);
        model.Require(x, name);
        if (x.size(0) == 0) throw new ArgumentException($"{name} holds no rows; training needs at least one.", name);
        Shapes.RequireContext(model.GetName(), context, model.ContextSize, x.size(0), name + "Context");
        if (context is not null) Data.Finite.Require(context, name + "Context");
    }
}
