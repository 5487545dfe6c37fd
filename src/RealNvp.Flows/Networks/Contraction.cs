using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// A map g whose Lipschitz constant is held below 1, with its Jacobian by plain operators: no reverse pass, so that training
/// needs no second derivatives of autograd's, and inference mode no way out of it. Layers are linear, with silu between them.
/// </summary>
internal abstract class Contraction
{
    /// <summary>g(x), [N, d].</summary>
    internal abstract Tensor Value(Tensor x);

    /// <summary>g(x), [N, d], and silu's slopes at each hidden layer.</summary>
    internal abstract (Tensor Value, Tensor[] Slopes) ValueAndSlopes(Tensor x);

    /// <summary>dg/dx, [N, d, d], entry [n, i, o] the derivative of output o by input i: all d inputs forward at once.</summary>
    internal abstract Tensor TransposedJacobian(Tensor x, Tensor[] slopes);

    /// <summary>v^T dg/dx for each event, [N, d].</summary>
    internal abstract Tensor PulledBack(Tensor vector, Tensor[] slopes);

    /// <summary>silu(h) = h sigmoid(h) and its slope.</summary>
    protected static (Tensor Value, Tensor Slope) Silu(Tensor h)
    {
        var gate = h.sigmoid();
        var x = h * gate;
        return (x, gate.addcmul(x, 1 - gate, 1));
    }

    /// <summary>
    /// Layers' weights and biases as they act now: each weight W divided by max(1, |W|_2 / L^(1/n)). swish(beta h) / (1.1 beta)
    /// is LipSwish too: with beta moved into the layer before it and 1 / (1.1 beta) into the one behind, what is left between
    /// layers is silu.
    /// </summary>
    /// <param name="layers">Weights W, their biases, and |W|_2^2 or a number above it.</param>
    /// <param name="activations">What stands between layers.</param>
    /// <param name="bound">L.</param>
    internal static (Tensor[] Weights, Tensor[] Biases) Bounded(
        IReadOnlyList<(Tensor Weight, Tensor Bias, Tensor SquaredNorm)> layers, IReadOnlyList<LipSwish> activations, double bound)
    {
        var (weights, biases) = (new Tensor[layers.Count], new Tensor[layers.Count]);
        var squaredBound = Math.Pow(bound, 2.0 / layers.Count);
        Tensor? before = null;
        for (var k = 0; k < layers.Count; k++)
        {
            var (weight, bias, squaredNorm) = layers[k];
            var scale = (squaredNorm / squaredBound).clamp_min(1).rsqrt();
            if (before is not null) scale = scale / (before * LipSwish.LargestSlope);
            before = k < activations.Count ? activations[k].Beta : null;
            weights[k] = weight * (before is null ? scale : scale * before);
            biases[k] = before is null ? bias : bias * before;
        }
        return (weights, biases);
    }
}
