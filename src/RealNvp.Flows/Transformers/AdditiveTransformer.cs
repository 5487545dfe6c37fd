using static TorchSharp.torch;

namespace RealNvp.Flows.Transformers;

/// <summary>
/// y = x + t: volume is kept, the log-derivative is 0 (NICE; Dinh, Krueger, Bengio 2015, arXiv:1410.8516, section 3.2).
/// </summary>
public sealed class AdditiveTransformer : Transformer
{
    /// <summary>Makes the transformer; it has no settings.</summary>
    public AdditiveTransformer() : base("additive") => RegisterComponents();

    /// <inheritdoc/>
    public override int ParametersPerElement => 1;

    /// <inheritdoc/>
    protected internal override (Tensor Y, Tensor? LogDerivative) Forward(Tensor x, Tensor h) => (x + h, null);

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor? LogDerivative) Inverse(Tensor y, Tensor h) => (y - h, null);
}
