using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace RealNvp.Flows.Networks;

/// <summary>
/// A multilayer perceptron: Linear, activation, ..., Linear. The last layer starts at zero, so that a coupling starts as the identity.
/// </summary>
public sealed class Mlp : Conditioner
{
    private readonly ModuleList<Linear> layers;
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
        layers = new ModuleList<Linear>([.. widths.Zip(widths.Skip(1), (a, b) => nn.Linear(a, b))]);
        if (zeroLast) layers[^1].StartAtZero();
        this.activation = activation;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor kept, Tensor? context)
    {
        var h = Join(kept, context);
        for (var k = 0; k < layers.Count; k++)
        {
            h = F.linear(h, layers[k].weight, layers[k].bias);
            if (k < layers.Count - 1) h = activation.ApplyTo(h);
        }
        return h;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"Mlp {string.Join(" -> ", [layers[0].in_features, .. layers.Select(l => l.out_features)])}, {activation.ToString().ToLowerInvariant()}"
        + (ContextSize is { } c ? $", context {c}" : "");
}
