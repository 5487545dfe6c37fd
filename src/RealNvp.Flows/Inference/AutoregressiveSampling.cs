using RealNvp.Flows.Bijections;
using RealNvp.Flows.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Inference;

/// <summary>How the autoregressive layers of a flow are sampled; see <see cref="AutoregressiveSampling"/>.</summary>
public sealed record AutoregressiveSamplingOptions
{
    /// <summary>All parts of an event at once, again and again, in place of one after the other.</summary>
    public bool Jacobi { get; init; }

    /// <summary>Jacobi iteration ends when a pass changes no number by more than this, relative to 1 + |x|.</summary>
    public double Tolerance { get; init; } = 1e-5;

    /// <summary>
    /// w: every part's parameters are c + w (c - c0), of the context's c and the parameters c0 of a context of zeros, so that
    /// samples are pushed away from what has no class (classifier-free guidance; Ho, Salimans 2022, arXiv:2207.12598; of
    /// autoregressive flows, Zhai et al. 2024, arXiv:2412.06329, section 2.6). 0 samples the flow itself; above it,
    /// samples are of the flow whose parameters are moved so.
    /// </summary>
    public double Guidance { get; init; }
}

/// <summary>Events that a flow drew.</summary>
/// <param name="X">[N, ...event].</param>
/// <param name="Passes">Of each autoregressive layer's conditioner, the one next to the data first; a part at a time counts as
/// one for each part.</param>
public sealed record AutoregressiveSample(Tensor X, IReadOnlyList<int> Passes);

/// <summary>
/// Samples of flows with autoregressive layers (<see cref="AttentionAutoregressive"/>, <see cref="MaskedAutoregressive"/>): part
/// by part or by Jacobi iteration, with guidance by a context or without.
/// </summary>
/// <example>
/// <code>
/// var flow = Architectures.TarFlow(dim: 6, layers: 2, width: 8, contextSize: 3);
/// var classes = nn.functional.one_hot(tensor(new long[] { 0, 2 }), 3).to(float32);
/// var sample = AutoregressiveSampling.Sample(flow, 2, new() { Jacobi = true, Guidance = 1.5 }, classes);
/// Console.WriteLine($"{sample.X.shape[1]}, {sample.Passes.All(passes =&gt; passes &lt;= 6)}");
/// // prints 6, True
/// </code>
/// </example>
public static class AutoregressiveSampling
{
    /// <summary>Draws events, without gradients and in evaluation mode.</summary>
    /// <param name="flow">The flow: layers, some of them autoregressive, on a base.</param>
    /// <param name="n">How many.</param>
    /// <param name="options">Method and guidance; null is part by part, without guidance.</param>
    /// <param name="context">One context for each event, [n, ContextSize]; only for conditional flows.</param>
    /// <param name="generator">Source of randomness; null is torch's global one.</param>
    /// <exception cref="ArgumentException">The flow has no autoregressive layer, a setting is senseless, or guidance is asked of
    /// a flow without a context.</exception>
    public static AutoregressiveSample Sample(Flow flow, long n, AutoregressiveSamplingOptions? options = null,
        Tensor? context = null, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        options ??= new();
        Arguments.NotNegative(options.Tolerance);
        Arguments.NotNegative(options.Guidance);
        Shapes.RequireContext(flow.GetName(), context, flow.ContextSize, n);
        var layers = Layers(flow.Bijection).ToArray();
        if (!layers.OfType<AutoregressiveBijection>().Any())
            throw new ArgumentException($"This flow has no autoregressive layer between its latents and its events; "
                + $"{nameof(Flow)}.{nameof(Flow.Sample)} draws from it in one pass.", nameof(flow));
        if (options.Guidance > 0 && layers.OfType<AutoregressiveBijection>().All(layer => layer.ContextSize is null))
            throw new ArgumentException("Guidance compares what a context says with what none says, but the layers of this flow "
                + "take no context; build it with contextSize.", nameof(options));
        using var guard = torch.no_grad();
        using var mode = EvaluationMode.Of(flow);
        var passes = new List<int>();
        var x = ModelCall.Run(flow, flow.GetName(), () =>
        {
            var x = flow.Base.Draw(n, context.For(flow.Base.ContextSize), generator);
            foreach (var layer in layers.Reverse())
            {
                var given = context.For(layer.ContextSize);
                if (layer is AutoregressiveBijection autoregressive)
                {
                    (x, var count) = Inverse(autoregressive, x, given, options);
                    passes.Insert(0, count);
                }
                else x = layer.InverseOnly(x, given);
            }
            return x;
        }, (context, nameof(context)));
        return new(x, passes);
    }

    private static (Tensor X, int Passes) Inverse(AutoregressiveBijection layer, Tensor z, Tensor? context,
        AutoregressiveSamplingOptions options)
    {
        var none = options.Guidance > 0 && context is not null ? torch.zeros_like(context) : null;
        Tensor Guided(Tensor given, Tensor free) => given + (given - free) * options.Guidance;
        if (options.Jacobi)
            return layer.ByJacobi(z, x => none is null ? layer.Conditioned(x, context)
                : Guided(layer.Conditioned(x, context), layer.Conditioned(x, none)), options.Tolerance);
        var next = layer.InTurn(z, context);
        if (none is not null)
        {
            var (given, free) = (next, layer.InTurn(z, none));
            next = found => Guided(given(found), free(found));
        }
        return (layer.PartByPart(z, next).X, layer.InOrder.Count);
    }

    private static IEnumerable<Bijection> Layers(Bijection bijection) =>
        bijection is Chain chain ? chain.Layers.SelectMany(Layers) : [bijection];
}
