using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// A masked autoregressive network: block i of its output, the parameters of feature i, depends on features before i only, in a
/// given order. Weights that would break this are masked (MADE; Germain, Gregor, Murray, Larochelle 2015, arXiv:1502.03509).
/// </summary>
public sealed class Made : Conditioner
{
    private readonly ModuleList<Dense> layers;
    private readonly MaskBuffers masks;
    private readonly Activation activation;
    private readonly bool residual;

    /// <summary>Builds the layers and their masks.</summary>
    /// <param name="features">d.</param>
    /// <param name="parametersPerElement">P: the output is [N, P d], one block of d for each parameter.</param>
    /// <param name="hidden">Widths of the hidden layers; degrees 1 .. d - 1 are dealt out in turn.</param>
    /// <param name="activation">The nonlinearity.</param>
    /// <param name="order">order[i] is the place of feature i, each of 0 .. d - 1 once; null is the natural order.</param>
    /// <param name="contextSize">Features of a context, which every output may see.</param>
    /// <param name="zeroLast">Start the last layer at zero, so that a flow starts as the identity; not for transformers of
    /// several equal parts.</param>
    /// <param name="residual">Join the hidden layers behind the first in blocks h + W act(W act(h)), as <see cref="ResidualMlp"/>
    /// does; they are of one width, and of an odd number (ResMADE; Durkan, Nash 2019, arXiv:1904.05626).</param>
    /// <exception cref="ArgumentException">The order is no permutation, or the widths make no blocks.</exception>
    public Made(int features, int parametersPerElement, IReadOnlyList<int> hidden, Activation activation = Activation.Relu,
        IReadOnlyList<int>? order = null, long? contextSize = null, bool zeroLast = true, bool residual = false)
        : base(nameof(Made), Arguments.AtLeastOne(features), features * Arguments.AtLeastOne(parametersPerElement), contextSize)
    {
        Arguments.Widths(hidden);
        Order = order ?? [.. Enumerable.Range(0, features)];
        if (!Order.Order().SequenceEqual(Enumerable.Range(0, features)))
            throw new ArgumentException($"An order of {features} features holds each of 0 to {features - 1} once, but was "
                + $"given ({string.Join(", ", Order)}).",
                nameof(order));
        if (residual && (hidden.Count % 2 == 0 || hidden.Distinct().Count() != 1))
            throw new ArgumentException("Residual blocks are of two layers behind a first one, all of one width, but was given "
                + $"widths ({string.Join(", ", hidden)}).", nameof(hidden));
        var context = (int)(contextSize ?? 0);
        // A unit of degree m sees the features whose place is below m; features have degree place + 1, the context 0, outputs
        // their feature's place.
        int[] input = [.. Order.Select(place => place + 1), .. Enumerable.Repeat(0, context)];
        int[] output = [.. Enumerable.Repeat(Order, parametersPerElement).SelectMany(o => o)];
        int[][] degrees = [input, .. hidden.Select(width => Degrees(width, features, context)), output];
        layers = new ModuleList<Dense>([.. Enumerable.Range(0, degrees.Length - 1)
            .Select(k => new Dense(degrees[k].Length, degrees[k + 1].Length, zero: zeroLast && k == degrees.Length - 2))]);
        masks = new MaskBuffers([.. Enumerable.Range(0, degrees.Length - 1).Select(k => Mask(degrees[k], degrees[k + 1]))]);
        this.activation = activation;
        this.residual = residual;
        RegisterComponents();
    }

    /// <summary>Order[i] is the place of feature i.</summary>
    public IReadOnlyList<int> Order { get; }

    private static int[] Degrees(int width, int features, int context)
    {
        var lowest = context > 0 || features == 1 ? 0 : 1;
        var count = Math.Max(1, features - lowest);
        return [.. Enumerable.Range(0, width).Select(k => lowest + k % count)];
    }

    private static Tensor Mask(int[] from, int[] to)
    {
        var values = new float[from.Length * to.Length];
        for (var i = 0; i < from.Length; i++)
            for (var j = 0; j < to.Length; j++)
                values[i * to.Length + j] = to[j] >= from[i] ? 1 : 0;
        return torch.tensor(values, [from.Length, to.Length]);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor kept, Tensor? context)
    {
        var h = Layer(0, Seen(kept, context));
        if (residual)
        {
            // Layers of one width have units of the same degrees in the same places, so what skips a block sees no more.
            for (var k = 1; k < layers.Count - 1; k += 2)
                h = h + Layer(k + 1, activation.ApplyTo(Layer(k, activation.ApplyTo(h.clone()))));
            return Layer(layers.Count - 1, activation.ApplyTo(h));
        }
        for (var k = 1; k < layers.Count; k++) h = Layer(k, activation.ApplyTo(h));
        return h;
    }

    private Tensor Layer(int k, Tensor h) => layers[k].Bias.addmm(h, layers[k].Weight * masks[k]);

    /// <inheritdoc/>
    public override string ToString() =>
        $"Made {string.Join(" -> ", [layers[0].Inputs, .. layers.Select(l => l.Outputs)])}, "
        + $"{activation.ToString().ToLowerInvariant()}{(residual ? ", residual" : "")}"
        + (ContextSize is { } c ? $", context {c}" : "");

    /// <summary>The masks as buffers, so that they follow the network to its device and dtype.</summary>
    private sealed class MaskBuffers : nn.Module
    {
        private readonly string[] names;

        internal MaskBuffers(Tensor[] masks) : base("masks")
        {
            names = [.. masks.Select((_, k) => $"mask{k}")];
            for (var k = 0; k < masks.Length; k++) register_buffer(names[k], masks[k].DetachFromDisposeScope());
        }

        internal Tensor this[int k] => get_buffer(names[k])!;
    }
}
