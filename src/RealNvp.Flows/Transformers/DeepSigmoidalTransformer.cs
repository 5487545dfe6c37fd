using static TorchSharp.torch;

namespace RealNvp.Flows.Transformers;

/// <summary>
/// Layers of y = logit(sum_k w_k sigmoid(a_k x + b_k)) with weights w on the simplex and slopes a above 0: increasing, from the
/// line onto the line, and with enough units a universal approximator of such maps (deep sigmoidal flow; Huang, Krueger, Lacoste,
/// Courville 2018, arXiv:1804.00779, section 3.1). Of what the last layer gives, a part e = 0.05 is x itself in its place, (1 -
/// e) y + e x, so that no slope is below e, as the paper's may be, and the inverse keeps its digits.
/// </summary>
/// <remarks>
/// 3 K parameters a layer: K logits of weights, K slopes before their softplus, K offsets b; parameters of zero are the identity.
/// Equal units stay equal in training, so the conditioner must not start at zero. The inverse is found by root finding.
/// </remarks>
public sealed class DeepSigmoidalTransformer : Transformer
{
    private readonly int units;
    private readonly int layers;

    /// <summary>Sets K and the number of layers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive.</exception>
    public DeepSigmoidalTransformer(int units = 8, int layers = 2) : base("deep sigmoidal")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(units);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(layers);
        (this.units, this.layers) = (units, layers);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int ParametersPerElement => 3 * units * layers;

    /// <inheritdoc/>
    protected internal override (Tensor Y, Tensor? LogDerivative) Forward(Tensor x, Tensor h) => Evaluate(x, Read(h, x.shape));

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor? LogDerivative) Inverse(Tensor y, Tensor h)
    {
        var read = Read(h, y.shape);
        var x = SigmoidUnits.Solve(at => Evaluate(at, read), y);
        return (x, Evaluate(x, read).LogDerivative.neg());
    }

    private Layer[] Read(Tensor h, long[] shape)
    {
        var perElement = SigmoidUnits.PerElement(h, shape, ParametersPerElement);
        return [.. Enumerable.Range(0, layers).Select(l =>
        {
            Tensor Block(int k) => perElement.narrow(-1, (3 * l + k) * units, units);
            return new Layer(Block(0).log_softmax(-1), SigmoidUnits.Slope(Block(1)), Block(2));
        })];
    }

    private static (Tensor Y, Tensor LogDerivative) Evaluate(Tensor x, Layer[] stack)
    {
        var (y, log) = stack[0].At(x);
        foreach (var layer in stack.AsSpan(1))
        {
            var (next, more) = layer.At(y);
            (y, log) = (next, log + more);
        }
        return SigmoidUnits.WithStraightPart(x, y, log);
    }

    /// <inheritdoc/>
    public override string ToString() => $"deep sigmoidal ({layers} layers of {units} units)";

    private sealed record Layer(Tensor LogWeights, Tensor Slopes, Tensor Offsets)
    {
        /// <summary>y and log dy/dx, element by element: everything in logarithms, so that nothing saturates far out.</summary>
        internal (Tensor Y, Tensor LogDerivative) At(Tensor x)
        {
            var u = x.unsqueeze(-1) * Slopes + Offsets;                               // [..., K]
            var (below, above) = (SigmoidUnits.LogSigmoid(u), SigmoidUnits.LogSigmoid(u.neg()));
            var logIn = (LogWeights + below).logsumexp(-1);                           // log S, S the weighted mean
            var logOut = (LogWeights + above).logsumexp(-1);                          // log(1 - S)
            var logRise = (LogWeights + below + above + Slopes.log()).logsumexp(-1);  // log dS/dx
            return (logIn - logOut, logRise - logIn - logOut);
        }
    }
}
