using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>The nonlinearity between a network's layers.</summary>
public enum Activation
{
    /// <summary>max(0, h).</summary>
    Relu,

    /// <summary>tanh(h): smooth and bounded.</summary>
    Tanh,

    /// <summary>h sigmoid(h): smooth (Elfwing et al. 2017, arXiv:1702.03118).</summary>
    Silu,

    /// <summary>h for h above 0, exp(h) - 1 below.</summary>
    Elu,

    /// <summary>h Phi(h), Phi the normal CDF.</summary>
    Gelu,
}

internal static class Activations
{
    /// <summary>Applies it to a tensor that nobody else needs; the result may share its memory.</summary>
    internal static Tensor ApplyTo(this Activation activation, Tensor h) => activation switch
    {
        Activation.Relu => h.relu_(),
        Activation.Tanh => h.tanh_(),
        Activation.Silu => h.silu(),
        Activation.Elu => h.elu(1.0),
        Activation.Gelu => h.gelu(),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no such activation."),
    };

    /// <summary>The largest derivative: 1, but for the two that overshoot.</summary>
    internal static double LargestSlope(this Activation activation) => activation switch
    {
        Activation.Silu => 1.0999,
        Activation.Gelu => 1.1290,
        _ => 1,
    };
}
