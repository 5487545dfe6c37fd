using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// A multilayer perceptron: Dense, activation, ..., Dense. The last layer starts at zero, so that a coupling starts as the
/// identity.
/// </summary>
/// <remarks>
/// With a largest slope L, the output is divided by max(1, K / L), where K = prod_k sqrt(|W_k|_1 |W_k|_inf), with the slopes of
/// the activations, bounds the network's Lipschitz constant, since |W|_2 is at most sqrt(|W|_1 |W|_inf). A network of moderate
/// weights is left as it is.
/// </remarks>
public sealed class Mlp : Conditioner
{
    private readonly ModuleList<Dense> layers;
    private readonly Activation activation;
    private readonly double? largestSlope;

    /// <summary>Builds the layers; weights are drawn from torch's global generator (seed it with torch.manual_seed).</summary>
    /// <param name="inputs">Features that go in.</param>
    /// <param name="outputs">Features that come out.</param>
    /// <param name="hidden">Widths of the hidden layers; none gives a linear map.</param>
    /// <param name="activation">The nonlinearity after each hidden layer.</param>
    /// <param name="contextSize">Features of a context, joined to the input.</param>
    /// <param name="zeroLast">Start the last layer at zero.</param>
    /// <param name="largestSlope">L: the output changes by at most L times what the input does; null sets no limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">largestSlope is not positive.</exception>
    public Mlp(int inputs, int outputs, IReadOnlyList<int> hidden, Activation activation = Activation.Relu,
        long? contextSize = null,
        bool zeroLast = true, double? largestSlope = null) : base(nameof(Mlp), inputs, outputs, contextSize)
    {
        Arguments.Widths(hidden);
        if (largestSlope is { } limit) Arguments.Positive(limit, nameof(largestSlope));
        this.largestSlope = largestSlope;
        long[] widths = [inputs + (contextSize ?? 0), .. hidden.Select(h => (long)h), outputs];
        layers = new ModuleList<Dense>(
            [.. Enumerable.Range(0, widths.Length - 1)
                .Select(k => new Dense(widths[k], widths[k + 1], zeroLast && k == widths.Length - 2))]);
        this.activation = activation;
        RegisterComponents();
    }

    internal override bool? OnImages => false;

    /// <inheritdoc/>
    public override Tensor forward(Tensor kept, Tensor? context)
    {
        var h = Seen(kept, context);
        for (var k = 0; k < layers.Count; k++)
        {
            var next = layers[k].forward(h);
            if (k > 0) h.Dispose();   // its memory serves the layer after next
            h = k < layers.Count - 1 ? Activate(next) : next;
        }
        return largestSlope is { } limit ? h / Excess(limit) : h;
    }

    /// <summary>max(1, K / L).</summary>
    private Tensor Excess(double limit)
    {
        // K^2 is kept until it is cut at 1: the root of a layer that starts at zero has no derivative.
        var squared = layers[0].Weight.new_ones(1) * (
            Math.Pow(activation.LargestSlope(), 2 * (layers.Count - 1)) / (limit * limit));
        foreach (var layer in layers)
        {
            var size = layer.Weight.abs();
            squared = squared * (size.sum(0L).max() * size.sum(1L).max());
        }
        return squared.clamp_min(1).sqrt();
    }

    private Tensor Activate(Tensor h)
    {
        var activated = activation.ApplyTo(h);
        if (!ReferenceEquals(activated, h)) h.Dispose();
        return activated;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"Mlp {string.Join(" -> ", [layers[0].Inputs, .. layers.Select(l => l.Outputs)])}, "
        + $"{activation.ToString().ToLowerInvariant()}"
        + (ContextSize is { } c ? $", context {c}" : "") + (largestSlope is { } limit ? $", slope up to {limit:g3}" : "");
}
