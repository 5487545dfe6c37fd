using static TorchSharp.torch;

namespace RealNvp.Flows.Transformers;

/// <summary>
/// y = logit F(x) with F the CDF of a mixture of K logistics, sum_k w_k sigmoid((x - m_k) / s_k): increasing, from the line onto
/// the line, and a universal approximator of increasing maps. <see cref="Bijections.Sigmoid"/> after it gives F itself (Ho et al.
/// 2019, Flow++, section 3.2).
/// </summary>
/// <remarks>K logits of weights, K means, K log-scales for each element; parameters of zero are the identity. Equal components
/// stay equal in training, so the conditioner must not start at zero. The inverse is found by root finding.
/// Between components far apart the map is flat, and its inverse loses digits: where a network gives the parameters, points
/// beyond one of the data's deviations need not come back in float32. <see cref="Evaluation.InverseError"/> shows how far they
/// do.
/// </remarks>
public sealed class MixtureOfLogisticsTransformer : Transformer
{
    private readonly int components;

    /// <summary>Sets K.</summary>
    /// <exception cref="ArgumentOutOfRangeException">K is not positive.</exception>
    public MixtureOfLogisticsTransformer(int components = 4) : base("mixture of logistics")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(components);
        this.components = components;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int ParametersPerElement => 3 * components;

    /// <inheritdoc/>
    protected internal override (Tensor Y, Tensor? LogDerivative) Forward(Tensor x, Tensor h) => Evaluate(x, Read(h, x.shape));

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor? LogDerivative) Inverse(Tensor y, Tensor h)
    {
        var mixture = Read(h, y.shape);
        var x = SigmoidUnits.Solve(at => Evaluate(at, mixture), y);
        return (x, Evaluate(x, mixture).LogDerivative.neg());
    }

    private (Tensor LogWeights, Tensor Means, Tensor LogScales) Read(Tensor h, long[] shape)
    {
        var perElement = SigmoidUnits.PerElement(h, shape, ParametersPerElement);
        return (perElement.narrow(-1, 0, components).log_softmax(-1), perElement.narrow(-1, components, components),
            perElement.narrow(-1, 2 * components, components));
    }

    private static (Tensor Y, Tensor LogDerivative) Evaluate(Tensor x,
        (Tensor LogWeights, Tensor Means, Tensor LogScales) mixture)
    {
        var u = (x.unsqueeze(-1) - mixture.Means) * mixture.LogScales.neg().exp();
        var (below, above) = (SigmoidUnits.LogSigmoid(u), SigmoidUnits.LogSigmoid(u.neg()));
        var logCdf = (mixture.LogWeights + below).logsumexp(-1);
        var logRest = (mixture.LogWeights + above).logsumexp(-1);
        var logDensity = (mixture.LogWeights + below + above - mixture.LogScales).logsumexp(-1);
        return (logCdf - logRest, logDensity - logCdf - logRest);
    }

    /// <inheritdoc/>
    public override string ToString() => $"mixture of {components} logistics";
}
