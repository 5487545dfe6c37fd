using RealNvp.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// y = logit F(x) with F the CDF of a mixture of K logistics, sum_k w_k sigmoid((x - m_k) / s_k): increasing, from the line onto the line, and a universal
/// approximator of increasing maps. <see cref="Sigmoid"/> after it gives F itself (Ho et al. 2019, Flow++, section 3.2).
/// </summary>
/// <remarks>K logits of weights, K means, K log-scales for each element; parameters of zero are the identity. The inverse is found by root finding.</remarks>
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
    protected internal override (Tensor Y, Tensor? LogDerivative) Apply(Tensor x, Tensor h) => Evaluate(x, Read(h, x.shape));

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor? LogDerivative) Undo(Tensor y, Tensor h)
    {
        var mixture = Read(h, y.shape);
        var x = RootFinding.Solve(at =>
        {
            var (value, log) = Evaluate(at, mixture);
            return (value, log.exp());
        }, y);
        return (x, Evaluate(x, mixture).LogDerivative.neg());
    }

    private (Tensor LogWeights, Tensor Means, Tensor LogScales) Read(Tensor h, long[] shape)
    {
        var perElement = h.view([shape[0], ParametersPerElement, .. shape[1..]]).movedim([1], [-1]);
        return (perElement.narrow(-1, 0, components).log_softmax(-1), perElement.narrow(-1, components, components),
            perElement.narrow(-1, 2 * components, components));
    }

    private static (Tensor Y, Tensor LogDerivative) Evaluate(Tensor x, (Tensor LogWeights, Tensor Means, Tensor LogScales) mixture)
    {
        var u = (x.unsqueeze(-1) - mixture.Means) * mixture.LogScales.neg().exp();
        var (below, above) = (LogSigmoid(u), LogSigmoid(u.neg()));
        var logCdf = (mixture.LogWeights + below).logsumexp(-1);
        var logRest = (mixture.LogWeights + above).logsumexp(-1);
        var logDensity = (mixture.LogWeights + below + above - mixture.LogScales).logsumexp(-1);
        return (logCdf - logRest, logDensity - logCdf - logRest);
    }

    private static Tensor LogSigmoid(Tensor u) => torch.logaddexp(u.neg(), torch.zeros_like(u)).neg();

    /// <inheritdoc/>
    public override string ToString() => $"mixture of {components} logistics";
}
