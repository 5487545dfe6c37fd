using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// A residual perceptron: Dense, then blocks h + Dense(act(Dense(act(h)))), then act and Dense (pre-activation blocks; He et al.
/// 2016). The last layer starts at zero, so that a coupling starts as the identity.
/// </summary>
public sealed class ResidualMlp : Conditioner
{
    private readonly Dense first;
    private readonly ModuleList<Dense> inner;
    private readonly ModuleList<Dense> outer;
    private readonly Dense last;
    private readonly Activation activation;

    /// <summary>Builds the layers; weights are drawn from torch's global generator.</summary>
    /// <param name="inputs">Features that go in.</param>
    /// <param name="outputs">Features that come out.</param>
    /// <param name="width">Width of every hidden layer.</param>
    /// <param name="blocks">Residual blocks, two layers each.</param>
    /// <param name="activation">The nonlinearity.</param>
    /// <param name="contextSize">Features of a context, joined to the input.</param>
    public ResidualMlp(int inputs, int outputs, int width = 64, int blocks = 2, Activation activation = Activation.Relu,
        long? contextSize = null)
        : base(nameof(ResidualMlp), inputs, outputs, contextSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegative(blocks);
        first = new Dense(inputs + (contextSize ?? 0), width);
        inner = new ModuleList<Dense>([.. Enumerable.Range(0, blocks).Select(_ => new Dense(width, width))]);
        outer = new ModuleList<Dense>([.. Enumerable.Range(0, blocks).Select(_ => new Dense(width, width))]);
        last = new Dense(width, outputs, zero: true);
        this.activation = activation;
        RegisterComponents();
    }

    internal override bool? OnImages => false;

    /// <inheritdoc/>
    public override Tensor forward(Tensor kept, Tensor? context)
    {
        var h = first.call(Seen(kept, context));
        for (var k = 0; k < inner.Count; k++)
        {
            var inside = activation.ApplyTo(inner[k].call(activation.ApplyTo(h.clone())));
            h = h + outer[k].call(inside);
        }
        return last.call(activation.ApplyTo(h));
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"ResidualMlp {first.Inputs} -> {inner.Count} blocks of {first.Outputs} -> {Outputs}, "
        + $"{activation.ToString().ToLowerInvariant()}"
        + (ContextSize is { } c ? $", context {c}" : "");
}
