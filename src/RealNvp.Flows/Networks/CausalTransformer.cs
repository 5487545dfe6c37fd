using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// A causal transformer: the parameters of token i depend on the tokens before i only, [N, T, d] to [N, P T, d]. Token i - 1 is
/// embedded in place i, joined with a learned place and the context, goes through blocks of <see cref="AttentionBlock"/>, and is
/// read off linearly; the first place has no token (Vaswani et al. 2017, arXiv:1706.03762; Zhai et al. 2024, arXiv:2412.06329,
/// section 2.2).
/// </summary>
/// <remarks>A context of zeros adds nothing: where the context is a class as one of K, zeros are no class at all, as guidance
/// needs it.</remarks>
public sealed class CausalTransformer : Conditioner
{
    private const double PlacesSpread = 0.02;

    private readonly Linear embedding;
    private readonly Linear? fromContext;
    private readonly Parameter places;
    private readonly ModuleList<AttentionBlock> blocks;
    private readonly LayerNorm norm;
    private readonly Linear last;

    /// <summary>Builds the layers; weights are drawn from torch's global generator.</summary>
    /// <param name="tokens">T.</param>
    /// <param name="features">d, the numbers of a token.</param>
    /// <param name="parametersPerElement">P.</param>
    /// <param name="width">Numbers that stand for a token inside.</param>
    /// <param name="blocks">Blocks of attention and perceptron.</param>
    /// <param name="heads">Heads of attention, a divisor of the width; null is the most that leave each 16 numbers.</param>
    /// <param name="contextSize">Features of a context; null for none.</param>
    /// <param name="zeroLast">Start the last layer at zero, so that a flow starts as the identity; not for transformers of
    /// several equal parts.</param>
    /// <exception cref="ArgumentException">A number is below 1, or heads is no divisor of the width.</exception>
    public CausalTransformer(int tokens, int features, int parametersPerElement, int width = 64, int blocks = 2,
        int? heads = null, long? contextSize = null, bool zeroLast = true)
        : base(nameof(CausalTransformer), Arguments.AtLeastOne(tokens), tokens * Arguments.AtLeastOne(parametersPerElement),
            contextSize)
    {
        (Tokens, Features, ParametersPerElement) = (tokens, Arguments.AtLeastOne(features), parametersPerElement);
        var all = heads ?? Divisor(Arguments.AtLeastOne(width));
        if (all < 1 || width % all != 0)
            throw new ArgumentException($"The heads share the width of {width} equally, but there are {all}.", nameof(heads));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blocks);
        using var scope = NewDisposeScope();
        embedding = nn.Linear(features, width);
        fromContext = contextSize is { } size ? nn.Linear(size, width, hasBias: false) : null;
        places = new Parameter(torch.randn(tokens, width) * PlacesSpread);
        this.blocks = new ModuleList<AttentionBlock>([.. Enumerable.Range(0, blocks)
            .Select(_ => new AttentionBlock(width, all))]);
        norm = nn.LayerNorm(width);
        last = nn.Linear(width, parametersPerElement * features);
        if (zeroLast) foreach (var p in last.parameters()) nn.init.zeros_(p);
        RegisterComponents();
        foreach (var module in modules()) module.OutliveScopes();
    }

    private const int LeastHead = 16;

    private static int Divisor(int width) =>
        Enumerable.Range(1, Math.Max(1, width / LeastHead)).Last(heads => width % heads == 0);

    /// <summary>T.</summary>
    public int Tokens { get; }

    /// <summary>d.</summary>
    public int Features { get; }

    /// <summary>P.</summary>
    public int ParametersPerElement { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor kept, Tensor? context)
    {
        var before = embedding.call(kept.narrow(1, 0, Tokens - 1));
        var h = Placed(nn.functional.pad(before, [0, 0, 1, 0]), places, context);
        foreach (var block in blocks) h = block.call(h);
        return Read(h);
    }

    /// <summary>
    /// The parameters [N, P, d] of one token after the other, each from the tokens found so far; keys and values of those before
    /// are kept.
    /// </summary>
    internal Func<IReadOnlyList<Tensor>, Tensor> InTurn(long n, Tensor? context)
    {
        var seen = new KeysAndValues?[blocks.Count];
        return found =>
        {
            var place = places.narrow(0, found.Count, 1);
            var h = found.Count == 0 ? Placed(places.new_zeros(n, 1, places.size(1)), place, context)
                : Placed(embedding.call(found[^1]), place, context);
            for (var k = 0; k < blocks.Count; k++) (h, seen[k]) = blocks[k].Next(h, seen[k]);
            return Read(h);
        };
    }

    private Tensor Placed(Tensor h, Tensor place, Tensor? context)
    {
        h = h + place;
        return fromContext is null ? h : h + fromContext.call(context!).unsqueeze(1);
    }

    /// <summary>[N, t, width] to [N, P t, d].</summary>
    private Tensor Read(Tensor h) => last.call(norm.call(h)).reshape(h.size(0), h.size(1), ParametersPerElement, Features)
        .transpose(1, 2).reshape(h.size(0), ParametersPerElement * h.size(1), Features);

    /// <inheritdoc/>
    public override string ToString() => $"CausalTransformer of {Tokens} tokens of {Features}, {blocks.Count} blocks of "
        + $"{places.size(1)} in {blocks[0].Heads} heads" + (ContextSize is { } c ? $", context {c}" : "");
}
