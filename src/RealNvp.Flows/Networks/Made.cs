using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// A masked autoregressive network: block i of its output, the parameters of feature i, depends on features before i only, in a given order. Weights
/// that would break this are masked (MADE; Germain, Gregor, Murray, Larochelle 2015).
/// </summary>
public sealed class Made : Conditioner
{
    private readonly ModuleList<Dense> layers;
    private readonly MaskBuffers masks;
    private readonly Activation activation;

    /// <summary>Builds the layers and their masks.</summary>
    /// <param name="features">d.</param>
    /// <param name="parametersPerElement">P: the output is [N, P d], one block of d for each parameter.</param>
    /// <param name="hidden">Widths of the hidden layers; degrees 1 .. d - 1 are dealt out in turn.</param>
    /// <param name="activation">The nonlinearity.</param>
    /// <param name="order">order[i] is the place of feature i, each of 0 .. d - 1 once; null is the natural order.</param>
    /// <param name="contextSize">Features of a context, which every output may see.</param>
    /// <param name="zeroLast">Start the last layer at zero, so that a flow starts as the identity; not for transformers of several equal
    /// parts.</param>
    /// <exception cref="ArgumentException">The order is no permutation.</exception>
    public Made(int features, int parametersPerElement, IReadOnlyList<int> hidden, Activation activation = Activation.Relu,
        IReadOnlyList<int>? order = null, long? contextSize = null, bool zeroLast = true)
        : base(nameof(Made), features, features * parametersPerElement, contextSize)
    {
        Order = order ?? [.. Enumerable.Range(0, features)];
        if (!Order.Order().SequenceEqual(Enumerable.Range(0, features)))
            throw new ArgumentException($"An order of {features} features holds each of 0 to {features - 1} once, but was given ({string.Join(", ", Order)}).",
                nameof(order));
        var context = (int)(contextSize ?? 0);
        // A unit of degree m sees the features whose place is below m; features have degree place + 1, the context 0, outputs their feature's place.
        int[] input = [.. Order.Select(place => place + 1), .. Enumerable.Repeat(0, context)];
        int[] output = [.. Enumerable.Repeat(Order, parametersPerElement).SelectMany(o => o)];
        int[][] degrees = [input, .. hidden.Select(width => Degrees(width, features, context)), output];
        layers = new ModuleList<Dense>([.. Enumerable.Range(0, degrees.Length - 1)
            .Select(k => new Dense(degrees[k].Length, degrees[k + 1].Length, zero: zeroLast && k == degrees.Length - 2))]);
        masks = new MaskBuffers([.. Enumerable.Range(0, degrees.Length - 1).Select(k => Mask(degrees[k], degrees[k + 1]))]);
        this.activation = activation;
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
        var h = Join(kept, context);
        for (var k = 0; k < layers.Count; k++)
        {
            h = layers[k].Bias.addmm(h, layers[k].Weight * masks[k]);
            if (k < layers.Count - 1) h = activation.ApplyTo(h);
        }
        return h;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"Made {string.Join(" -> ", [layers[0].Inputs, .. layers.Select(l => l.Outputs)])}, {activation.ToString().ToLowerInvariant()}"
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
