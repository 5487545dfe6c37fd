using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Simulation;

/// <summary>
/// What posterior and likelihood estimation share: a conditional density of events [N, d] given contexts [N, ...], built for
/// pairs and fitted to them.
/// </summary>
internal static class PairDensity
{
    private const int PairsPerFeature = 10;   // a regression of fewer fits noise
    private const int Bins = 8;
    private const int Blocks = 2;
    private const double Bound = 4;           // deviations of what the regression leaves

    /// <summary>
    /// Supports onto the line, the regression on the context taken off (where the context is the data themselves), and a flow of
    /// what is left.
    /// </summary>
    internal static Embedded Build(Tensor events, IReadOnlyList<Support>? supports, Tensor contexts, EstimatorOptions options)
    {
        options.Validate();
        using var scope = NewDisposeScope();
        using var seed = new TorchSeed(options.Seed);
        var embedding = new StandardizedEmbedding(contexts, options.Embedding);
        Tensor z, features;
        Bijection? toLine = null;
        using (torch.no_grad())
        {
            z = events;
            if (supports is not null)
            {
                z = Support.OffTheEnds(supports, events);
                Support.RequireAll(supports, z, nameof(events), nameof(EstimatorOptions.Supports));
                toLine = Support.AreFree(supports) ? null : Support.ToLine(supports);
                if (toLine is not null) z = toLine.Forward(z).Z;
            }
            using var mode = EvaluationMode.Of(embedding);
            features = embedding.call(options.Embedding is null ? contexts
                : contexts.narrow(0, 0, Math.Min(2, contexts.size(0))));
        }
        if (features.dim() != 2)
            throw new ArgumentException($"{nameof(options.Embedding)} gives features [N, k], but it gave "
                + $"{Shapes.Text(features.shape)}; end it with nn.Flatten().", nameof(options));
        var (dim, width) = ((int)z.size(1), features.size(1));
        Bijection whiten = options.Embedding is null && events.size(0) >= PairsPerFeature * width
            ? ConditionalWhiten.Fit(z, features) : Standardize.Fit(z);
        var flow = options.Flow is { } make ? make(dim, width) : Default(dim, width, options);
        if (flow.ContextSize != width || !flow.EventShape.SequenceEqual([dim]))
            throw new ArgumentException($"{nameof(options.Flow)}({dim}, {width}) is a flow on events [{dim}] with a context of "
                + $"{width} features, but it gave one on {Shapes.Text(flow.EventShape)} with "
                + $"{flow.ContextSize?.ToString() ?? "none"}.", nameof(options));
        Bijection[] layers = [.. toLine is null ? Array.Empty<Bijection>() : [toLine], whiten, flow.Bijection];
        return new(new Flow(new Chain(layers), flow.Base), embedding, contexts.shape[1..]);
    }

    private static Flow Default(int dim, long features, EstimatorOptions options) => dim == 1
        ? Architectures.AutoregressiveSpline(1, options.Layers, options.Width, 1, Bins, Bound, contextSize: features)
        : Architectures.Tabular(dim, options.Layers, options.Width, Blocks, Bins, Bound, features);

    /// <summary>Maximum likelihood, with the last part of the shuffled pairs held out.</summary>
    internal static TrainingResult Fit(Embedded density, Tensor events, IReadOnlyList<Support>? supports, Tensor contexts,
        EstimatorOptions options)
    {
        var n = events.size(0);
        if (n < 2) throw new ArgumentException($"An estimator is fitted to at least 2 pairs, but was given {n}.", "pairs");
        using var scope = NewDisposeScope();
        using var seed = new TorchSeed(options.Seed);
        var inside = supports is null ? events : Support.OffTheEnds(supports, events);
        var given = contexts.flatten(1);
        var held = Math.Clamp((long)Math.Round(n * options.HeldOut), 1, n - 1);
        var order = torch.randperm(n);
        Tensor Part(Tensor rows, long from, long count) => rows.index_select(0, order.narrow(0, from, count));
        return Trainer.Fit(density, Part(inside, 0, n - held), Part(inside, n - held, held), options.TrainingFor(n - held),
            Part(given, 0, n - held), Part(given, n - held, held));
    }
}
