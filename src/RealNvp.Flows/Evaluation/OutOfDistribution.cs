using RealNvp.Flows.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Evaluation;

/// <summary>
/// Scores that are to be high for events from elsewhere, and how well they tell. Each takes log-likelihoods, so that a model runs
/// over the data once.
/// </summary>
public static class OutOfDistribution
{
    /// <summary>
    /// -log p(x): the obvious score, and a bad one where simpler images are likelier (Nalisnick et al. 2019, arXiv:1810.09136).
    /// </summary>
    /// <param name="logProb">log p of the events, [N].</param>
    /// <exception cref="ArgumentException">One is NaN.</exception>
    public static Tensor Likelihood(Tensor logProb)
    {
        RequireNumbers(logProb, nameof(logProb));
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(logProb.to(torch.float64).neg());
    }

    /// <summary>Log-likelihoods and scores may be infinite, but are numbers: the first that is none is named.</summary>
    private static void RequireNumbers(Tensor x, string name)
    {
        ArgumentNullException.ThrowIfNull(x, name);
        Data.Finite.RequireNumbers(x, name);
    }

    /// <summary>
    /// -(log p(x) - log p_0(x)), with p_0 a density of what is common to all images, trained on perturbed data for one: what the
    /// background contributes cancels (Ren et al. 2019, arXiv:1906.02845, equation 4).
    /// </summary>
    /// <param name="logProb">log p of the events, [N].</param>
    /// <param name="backgroundLogProb">log p_0 of the same events, [N].</param>
    /// <exception cref="ArgumentException">The shapes differ, or a number is NaN; its row is named.</exception>
    public static Tensor LikelihoodRatio(Tensor logProb, Tensor backgroundLogProb)
    {
        ArgumentNullException.ThrowIfNull(logProb);
        ArgumentNullException.ThrowIfNull(backgroundLogProb);
        if (!logProb.shape.SequenceEqual(backgroundLogProb.shape))
            throw new ArgumentException(
                $"Both log-likelihoods are of the same events, but have shapes {Shapes.Text(logProb.shape)} and "
                + $"{Shapes.Text(backgroundLogProb.shape)}.", nameof(backgroundLogProb));
        RequireNumbers(logProb, nameof(logProb));
        RequireNumbers(backgroundLogProb, nameof(backgroundLogProb));
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(backgroundLogProb.to(torch.float64) - logProb.to(torch.float64));
    }

    /// <summary>
    /// |-1/M sum_m log p(x_m) - H| for groups of M events, H the mean of -log p over the training data: too likely is as
    /// suspicious as too unlikely (Nalisnick, Matsukawa, Teh, Lakshminarayanan 2019, arXiv:1906.02994).
    /// </summary>
    /// <param name="logProb">log p of the events, [N].</param>
    /// <param name="trainingLogProb">log p of training events, [K].</param>
    /// <param name="group">M; a remainder of fewer events is left out.</param>
    /// <returns>[N / M].</returns>
    /// <exception cref="ArgumentException">There are fewer than M events, or no training events, or a number is NaN.</exception>
    public static Tensor Typicality(Tensor logProb, Tensor trainingLogProb, int group = 1)
    {
        ArgumentNullException.ThrowIfNull(logProb);
        ArgumentNullException.ThrowIfNull(trainingLogProb);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(group);
        var groups = logProb.size(0) / group;
        if (groups == 0)
            throw new ArgumentException($"A group takes {group} events, but was given {logProb.size(0)}.", nameof(logProb));
        if (trainingLogProb.numel() == 0)
            throw new ArgumentException("Typicality needs at least one training event, but was given none.",
                nameof(trainingLogProb));
        RequireNumbers(logProb, nameof(logProb));
        RequireNumbers(trainingLogProb, nameof(trainingLogProb));
        using var scope = NewDisposeScope();
        var entropy = trainingLogProb.to(torch.float64).mean().neg();
        var mean = logProb.to(torch.float64).narrow(0, 0, groups * group).view(groups, group).mean([1]).neg();
        return scope.MoveToOuter((mean - entropy).abs());
    }

    /// <summary>
    /// The area under the receiver operating characteristic: the probability that an event from elsewhere scores higher than one
    /// from the data's own distribution, ties counted one half (Mann, Whitney 1947). 1 tells them apart, 1/2 guesses, 0 errs
    /// always.
    /// </summary>
    /// <param name="own">Scores of the data's own events, [n].</param>
    /// <param name="other">Scores of the others, [m].</param>
    /// <exception cref="ArgumentException">There are no scores, or one is NaN; its row is named.</exception>
    public static double Auroc(Tensor own, Tensor other)
    {
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(other);
        if (own.dim() != 1 || other.dim() != 1 || own.size(0) == 0 || other.size(0) == 0)
            throw new ArgumentException("Scores [n] and [m] are compared, at least one each, but was given "
                + $"{Shapes.Text(own.shape)} and {Shapes.Text(other.shape)}.");
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        RequireNumbers(own, nameof(own));
        RequireNumbers(other, nameof(other));
        var sorted = own.to(torch.float64).sort().Values.contiguous();
        var at = other.to(torch.float64).contiguous();
        var below = torch.searchsorted(sorted, at).to(torch.float64);
        var notAbove = torch.searchsorted(sorted, at, right: true).to(torch.float64);
        return ((below + notAbove) / 2).mean().ToDouble() / own.size(0);
    }

    /// <summary>log p of whole-number data, dequantised once with a fixed seed, so many events at a time: [N], float64.</summary>
    /// <param name="density">The model.</param>
    /// <param name="x">Whole numbers [N, ...event].</param>
    /// <param name="levels">Their number.</param>
    /// <param name="batchSize">Events at a time.</param>
    /// <param name="seed">Of the noise.</param>
    /// <param name="context">One context for each event; only for conditional models.</param>
    /// <exception cref="ArgumentException">There are no events, a value is not one of the levels, or the context does not
    /// fit.</exception>
    public static Tensor LogProb(Distribution density, Tensor x, int levels = 256, int batchSize = 500, long seed = 0,
        Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(density);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        if (x.size(0) == 0) throw new ArgumentException("Scores take at least one event, but was given none.", nameof(x));
        Shapes.RequireContext(density.GetName(), context, density.ContextSize, x.size(0));
        Data.Dequantize.Require(x, levels, nameof(x));
        using var guard = torch.no_grad();
        using var mode = EvaluationMode.Of(density);
        using var scope = NewDisposeScope();
        using var noise = new Generator(0, x.device);
        noise.manual_seed(seed);
        var parts = new List<Tensor>();
        for (var at = 0L; at < x.size(0); at += batchSize)
        {
            using var inner = NewDisposeScope();
            var count = Math.Min(batchSize, x.size(0) - at);
            var part = Data.Dequantize.Fast(x.narrow(0, at, count), levels, noise);
            parts.Add(density.LogProb(part, context?.narrow(0, at, count)).to(torch.float64).MoveToOuterDisposeScope());
        }
        return scope.MoveToOuter(torch.cat(parts, 0));
    }
}
