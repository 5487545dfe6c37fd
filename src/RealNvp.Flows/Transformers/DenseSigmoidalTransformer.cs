using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Transformers;

/// <summary>
/// Layers h' = logit(W sigmoid(a * (U h) + b)) from 1 to K and back to 1 unit, the rows of W and U on the simplex and slopes a
/// above 0: each unit sees every unit of the layer before, where the units of a deep sigmoidal flow meet in one number between
/// layers (dense sigmoidal flow; Huang, Krueger, Lacoste, Courville 2018, arXiv:1804.00779, section 3.2). As in
/// <see cref="DeepSigmoidalTransformer"/>, a part e = 0.05 of the result is x itself.
/// </summary>
/// <remarks>
/// A layer from m to n units with K inside takes K m + n K logits of U and W, K slopes and K offsets, all from the conditioner
/// (the paper's code shares most of U and W among events). Parameters of zero are the identity. Equal units stay equal in
/// training, so the conditioner must not start at zero. The derivative is a product of positive matrices, taken in logarithms;
/// the inverse is found by root finding.
/// </remarks>
public sealed class DenseSigmoidalTransformer : Transformer
{
    private readonly int units;
    private readonly (int In, int Out)[] sizes;

    /// <summary>Sets K and the number of layers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">units is not positive, or there are fewer than two layers (one is a deep
    /// sigmoidal flow).</exception>
    public DenseSigmoidalTransformer(int units = 6, int layers = 2) : base("dense sigmoidal")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(units);
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 2);
        this.units = units;
        sizes = [.. Enumerable.Range(0, layers).Select(l => (l == 0 ? 1 : units, l == layers - 1 ? 1 : units))];
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int ParametersPerElement => sizes.Sum(Count);

    /// <inheritdoc/>
    protected internal override (Tensor Y, Tensor? LogDerivative) Forward(Tensor x, Tensor h) => Evaluate(x, Read(h, x.shape));

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor? LogDerivative) Inverse(Tensor y, Tensor h)
    {
        var read = Read(h, y.shape);
        var x = SigmoidUnits.Solve(at => Evaluate(at, read), y);
        return (x, Evaluate(x, read).LogDerivative.neg());
    }

    /// <summary>One row of weights over a single unit is always 1 and takes no parameters.</summary>
    private int Count((int In, int Out) size) => (size.In == 1 ? 0 : units * size.In) + (2 + size.Out) * units;

    private Layer[] Read(Tensor h, long[] shape)
    {
        var perElement = SigmoidUnits.PerElement(h, shape, ParametersPerElement);
        var (at, last) = (0L, perElement.dim() - 1);
        Tensor Take(int count)
        {
            var block = perElement.narrow(last, at, count);
            at += count;
            return block;
        }
        Tensor Rows(int rows, int columns) => Take(rows * columns).unflatten(last, [rows, columns]).log_softmax(-1);
        return [.. sizes.Select(size => new Layer(
            size.In == 1 ? null : Rows(units, size.In), SigmoidUnits.Slope(Take(units)), Take(units), Rows(size.Out, units)))];
    }

    private static (Tensor Y, Tensor LogDerivative) Evaluate(Tensor x, Layer[] stack)
    {
        var (h, log) = (x.unsqueeze(-1), torch.zeros_like(x).unsqueeze(-1));   // [..., 1]
        foreach (var layer in stack) (h, log) = layer.At(h, log);
        return SigmoidUnits.WithStraightPart(x, h.squeeze(-1), log.squeeze(-1));
    }

    /// <inheritdoc/>
    public override string ToString() => $"dense sigmoidal ({sizes.Length} layers of {units} units)";

    private sealed record Layer(Tensor? LogMix, Tensor Slopes, Tensor Offsets, Tensor LogWeights)
    {
        /// <summary>From h and log dh/dx [..., m] to those of the next layer [..., n].</summary>
        internal (Tensor H, Tensor LogDerivative) At(Tensor h, Tensor logDerivative)
        {
            // U h, [..., K]
            var mixed = LogMix is null ? h : (LogMix.exp() * h.unsqueeze(-2)).sum(-1L);
            var logMixed = LogMix is null ? logDerivative : (LogMix + logDerivative.unsqueeze(-2)).logsumexp(-1);
            var u = mixed * Slopes + Offsets;
            var (below, above) = (SigmoidUnits.LogSigmoid(u), SigmoidUnits.LogSigmoid(u.neg()));
            // log S, [..., n]
            var logIn = (LogWeights + below.unsqueeze(-2)).logsumexp(-1);
            var logOut = (LogWeights + above.unsqueeze(-2)).logsumexp(-1);
            // log d sigmoid(u) / dx
            var rise = below + above + Slopes.log() + logMixed;
            var logRise = (LogWeights + rise.unsqueeze(-2)).logsumexp(-1);
            return (logIn - logOut, logRise - logIn - logOut);
        }
    }
}
