using static TorchSharp.torch;

namespace RealNvp.Flows.Transformers;

/// <summary>The order in which an affine transformer scales and shifts in the normalizing direction.</summary>
public enum AffineOrder
{
    /// <summary>
    /// y = x exp(s) + t, as the paper prints it (Dinh, Sohl-Dickstein, Bengio 2017, arXiv:1605.08803, equation 5).
    /// </summary>
    ScaleThenShift,

    /// <summary>y = (x + t) exp(s), as the authors' released code computes it.</summary>
    ShiftThenScale,
}

/// <summary>
/// y = x exp(s) + t or y = (x + t) exp(s), with the log-scale bounded smoothly: s = B tanh(r / B) for the conditioner's r, so |s|
/// &lt; B. The log-derivative is s (Real NVP; Dinh, Sohl-Dickstein, Bengio 2017, equation 5).
/// </summary>
public sealed class AffineTransformer : Transformer
{
    private readonly double bound;
    private readonly double? shiftBound;

    /// <summary>Sets the order and the bound.</summary>
    /// <param name="order">Scale first or shift first.</param>
    /// <param name="logScaleBound">B: one layer scales an element by less than exp(B). At 1, forty layers stay far inside
    /// float32.</param>
    /// <param name="shiftBound">T in t = T tanh(r / T), for deep stacks whose shifts would feed on each other; null leaves shifts
    /// free.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is not a positive number.</exception>
    public AffineTransformer(AffineOrder order = AffineOrder.ScaleThenShift, double logScaleBound = 1, double? shiftBound = null)
        : base("affine")
    {
        if (shiftBound is { } limit && (!(limit > 0) || double.IsInfinity(limit)))
            throw new ArgumentOutOfRangeException(nameof(shiftBound), limit,
                "The bound of the shift is a positive, finite number, or null.");
        this.shiftBound = shiftBound;
        if (!(logScaleBound > 0) || double.IsInfinity(logScaleBound))
            throw new ArgumentOutOfRangeException(nameof(logScaleBound), logScaleBound,
                "The bound of the log-scale is a positive, finite number.");
        Order = order;
        bound = logScaleBound;
        RegisterComponents();
    }

    /// <summary>Scale first or shift first.</summary>
    public AffineOrder Order { get; }

    /// <summary>B in s = B tanh(r / B).</summary>
    public double LogScaleBound => bound;

    /// <summary>T in t = T tanh(r / T); null where shifts are free.</summary>
    public double? ShiftBound => shiftBound;

    /// <inheritdoc/>
    public override int ParametersPerElement => 2;

    /// <summary>The log-scale s and the shift t that parameters h stand for.</summary>
    /// <param name="h">[N, 2 d, ...]: r, then t.</param>
    public (Tensor LogScale, Tensor Shift) Read(Tensor h)
    {
        var parts = h.chunk(2, 1);
        return (Bounded(parts[0], bound), shiftBound is { } limit ? Bounded(parts[1], limit) : parts[1]);
    }

    private static Tensor Bounded(Tensor r, double limit) => limit == 1 ? r.tanh() : (r / limit).tanh() * limit;

    /// <inheritdoc/>
    protected internal override (Tensor Y, Tensor? LogDerivative) Forward(Tensor x, Tensor h)
    {
        var (s, t) = Read(h);
        var y = Order == AffineOrder.ScaleThenShift ? t.addcmul(x, s.exp(), 1) : (x + t) * s.exp();
        return (y, s);
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor? LogDerivative) Inverse(Tensor y, Tensor h)
    {
        var (s, t) = Read(h);
        return (Inverse(y, s, t), s.neg());
    }

    /// <inheritdoc/>
    protected internal override Tensor InverseOnly(Tensor y, Tensor h)
    {
        var (s, t) = Read(h);
        return Inverse(y, s, t);
    }

    private Tensor Inverse(Tensor y, Tensor s, Tensor t) =>
        Order == AffineOrder.ScaleThenShift ? (y - t) / s.exp() : y / s.exp() - t;

    /// <inheritdoc/>
    public override string ToString() =>
        $"affine ({(Order == AffineOrder.ScaleThenShift ? "scale then shift" : "shift then scale")}, |s| < "
        + $"{bound:g4}{(shiftBound is { } limit ? $", |t| < {limit:g4}" : "")})";
}
