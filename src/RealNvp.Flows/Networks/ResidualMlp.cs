using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace RealNvp.Flows.Networks;

/// <summary>
/// A residual perceptron: Linear, then blocks h + Linear(act(Linear(act(h)))), then act and Linear (pre-activation blocks; He et al. 2016).
/// The last layer starts at zero, so that a coupling starts as the identity.
/// </summary>
public sealed class ResidualMlp : Conditioner
{
    private readonly Linear first;
    private readonly ModuleList<Linear> inner;
    private readonly ModuleList<Linear> outer;
    private readonly Linear last;
    private readonly Activation activation;

    /// <summary>Builds the layers; weights are drawn from torch's global generator.</summary>
    /// <param name="inputs">Features that go in.</param>
    /// <param name="outputs">Features that come out.</param>
    /// <param name="width">Width of every hidden layer.</param>
    /// <param name="blocks">Residual blocks, two layers each.</param>
    /// <param name="activation">The nonlinearity.</param>
    /// <param name="contextSize">Features of a context, joined to the input.</param>
    public ResidualMlp(int inputs, int outputs, int width = 64, int blocks = 2, Activation activation = Activation.Relu, long? contextSize = null)
        : base(nameof(ResidualMlp), inputs, outputs, contextSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegative(blocks);
        first = nn.Linear(inputs + (contextSize ?? 0), width);
        inner = new ModuleList<Linear>([.. Enumerable.Range(0, blocks).Select(_ => nn.Linear(width, width))]);
        outer = new ModuleList<Linear>([.. Enumerable.Range(0, blocks).Select(_ => nn.Linear(width, width))]);
        last = nn.Linear(width, outputs);
        last.StartAtZero();
        this.activation = activation;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor kept, Tensor? context)
    {
        var h = Affine(first, Join(kept, context));
        for (var k = 0; k < inner.Count; k++)
        {
            var inside = activation.ApplyTo(Affine(inner[k], activation.ApplyTo(h.clone())));
            h = h + Affine(outer[k], inside);
        }
        return Affine(last, activation.ApplyTo(h));
    }

    private static Tensor Affine(Linear layer, Tensor h) => F.linear(h, layer.weight, layer.bias);

    /// <inheritdoc/>
    public override string ToString() =>
        $"ResidualMlp {first.in_features} -> {inner.Count} blocks of {first.out_features} -> {Outputs}, {activation.ToString().ToLowerInvariant()}"
        + (ContextSize is { } c ? $", context {c}" : "");
}
