using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// A multilayer perceptron: Dense, activation, ..., Dense. The last layer starts at zero, so that a coupling starts as the identity.
/// </summary>
public sealed class Mlp : Conditioner
{
    private readonly ModuleList<Dense> layers;
    private readonly Activation activation;

    /// <summary>Builds the layers; weights are drawn from torch's global generator (seed it with torch.manual_seed).</summary>
    /// <param name="inputs">Features that go in.</param>
    /// <param name="outputs">Features that come out.</param>
    /// <param name="hidden">Widths of the hidden layers; none gives a linear map.</param>
    /// <param name="activation">The nonlinearity after each hidden layer.</param>
    /// <param name="contextSize">Features of a context, joined to the input.</param>
    /// <param name="zeroLast">Start the last layer at zero.</param>
    public Mlp(int inputs, int outputs, IReadOnlyList<int> hidden, Activation activation = Activation.Relu, long? contextSize = null,
        bool zeroLast = true) : base(nameof(Mlp), inputs, outputs, contextSize)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        long[] widths = [inputs + (contextSize ?? 0), .. hidden.Select(h => (long)h), outputs];
        layers = new ModuleList<Dense>([.. Enumerable.Range(0, widths.Length - 1).Select(k => new Dense(widths[k], widths[k + 1], zeroLast && k == widths.Length - 2))]);
        this.activation = activation;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor kept, Tensor? context)
    {
        var h = Join(kept, context);
        for (var k = 0; k < layers.Count; k++)
        {
            var next = layers[k].forward(h);
            if (k > 0) h.Dispose();   // its memory serves the layer after next
            h = k < layers.Count - 1 ? Activate(next) : next;
        }
        return h;
    }

    private Tensor Activate(Tensor h)
    {
        var activated = activation.ApplyTo(h);
        if (!ReferenceEquals(activated, h)) h.Dispose();
        return activated;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"Mlp {string.Join(" -> ", [layers[0].Inputs, .. layers.Select(l => l.Outputs)])}, {activation.ToString().ToLowerInvariant()}"
        + (ContextSize is { } c ? $", context {c}" : "");
}
