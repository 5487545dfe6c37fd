using static TorchSharp.torch;

namespace RealNvp.Flows.Transformers;

/// <summary>
/// A transformer that bends [-B, B] with that interval learned: y = exp(s_y) tau((x - c_x) exp(-s_x)) + c_y, so that it bends
/// [c_x - B exp(s_x), c_x + B exp(s_x)] onto the like of y, and is straight outside. log dy/dx = log tau' + s_y - s_x.
/// </summary>
/// <remarks>
/// Four parameters for each element before those of the transformer: c_x, c_y, and r_x, r_y in s = 3 tanh(r / 3). Parameters of
/// zero are the identity where the transformer's are.
/// </remarks>
public sealed class LearnedIntervalTransformer : Transformer
{
    private const int Own = 4;
    private const double LogScaleBound = 3;   // intervals from a twentieth to the twentyfold

    private readonly Transformer inner;

    /// <summary>Around a transformer, a spline with its interval.</summary>
    public LearnedIntervalTransformer(Transformer inner) : base("learned interval")
    {
        ArgumentNullException.ThrowIfNull(inner);
        this.inner = inner;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int ParametersPerElement => Own + inner.ParametersPerElement;

    /// <inheritdoc/>
    protected internal override (Tensor Y, Tensor? LogDerivative) Forward(Tensor x, Tensor h)
    {
        var (from, to, rest) = Read(h);
        var (y, log) = inner.Forward((x - from.Centre) * from.LogScale.neg().exp(), rest);
        return (y * to.LogScale.exp() + to.Centre, (to.LogScale - from.LogScale).Plus(log));
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor? LogDerivative) Inverse(Tensor y, Tensor h)
    {
        var (from, to, rest) = Read(h);
        var (x, log) = inner.Inverse((y - to.Centre) * to.LogScale.neg().exp(), rest);
        return (x * from.LogScale.exp() + from.Centre, (from.LogScale - to.LogScale).Plus(log));
    }

    private (Place From, Place To, Tensor Inner) Read(Tensor h)
    {
        var block = h.size(1) / ParametersPerElement;
        Tensor Take(int k) => h.narrow(1, k * block, block);
        Tensor LogScale(int k) => (Take(k) / LogScaleBound).tanh() * LogScaleBound;
        var own = h.narrow(1, Own * block, inner.ParametersPerElement * block).contiguous();
        return (new(Take(0), LogScale(2)), new(Take(1), LogScale(3)), own);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{inner}, its interval learned";

    private sealed record Place(Tensor Centre, Tensor LogScale);
}

internal static class LogDerivatives
{
    /// <summary>The sum of two log-derivatives, of which null is zero.</summary>
    internal static Tensor Plus(this Tensor log, Tensor? other) => other is null ? log : log + other;
}
