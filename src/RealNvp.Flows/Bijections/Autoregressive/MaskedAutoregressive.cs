using RealNvp.Flows.Networks;
using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// z_i = tau(x_i; c_i(x_before i)): the Jacobian is triangular, logDet the sum of the transformer's log-derivatives. Forward
/// takes one pass of the network, the inverse one for each feature, in order (MAF; Papamakarios, Pavlakou, Murray 2017,
/// arXiv:1705.07057).
/// <see cref="Invert"/> of it is fast in sampling and slow in density (IAF; Kingma et al. 2016, arXiv:1606.04934).
/// </summary>
/// <example>
/// <code>
/// var transformer = new AffineTransformer();
/// var layer = new MaskedAutoregressive(transformer, new Made(3, transformer.ParametersPerElement, [32]));
/// var x = randn(4, 3);
/// var (z, _) = layer.Forward(x);
/// Console.WriteLine(layer.Inverse(z).X.allclose(x, 1e-4, 1e-5));
/// // prints True
/// </code>
/// </example>
public sealed class MaskedAutoregressive : Bijection
{
    private readonly Transformer transformer;
    private readonly Made conditioner;

    /// <summary>Joins a transformer and a masked network.</summary>
    /// <exception cref="ArgumentException">The network's outputs do not fit the transformer.</exception>
    public MaskedAutoregressive(Transformer transformer, Made conditioner)
        : base(nameof(MaskedAutoregressive), [(conditioner ?? throw new ArgumentNullException(nameof(conditioner))).Inputs],
            contextSize: conditioner.ContextSize)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        if (conditioner.Outputs != conditioner.Inputs * transformer.ParametersPerElement)
            throw new ArgumentException(
                $"This transformer takes {transformer.ParametersPerElement} parameters for each of {conditioner.Inputs} "
                + "features, but the network gives "
                + $"{conditioner.Outputs} in all.", nameof(conditioner));
        this.transformer = transformer;
        this.conditioner = conditioner;
        RegisterComponents();
    }

    /// <summary>How a feature is changed.</summary>
    public Transformer Transformer => transformer;

    /// <summary>The masked network.</summary>
    public Made Conditioner => conditioner;

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (y, log) = transformer.Forward(x, conditioner.call(x, context));
        return (y, SumOverEvent(log, x));
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        // One pass for each feature, in order: it sees the features that are already right, and zeros in the place of those still
        // to come.
        var columns = Enumerable.Repeat(z.new_zeros(z.size(0), 1), (int)EventShape![0]).ToArray();
        var logs = new List<Tensor>();
        foreach (var feature in InOrder())
        {
            var h = conditioner.call(torch.cat(columns, 1), context)
                .reshape(z.size(0), transformer.ParametersPerElement, EventShape[0]);
            (columns[feature], var log) = transformer.Inverse(z.narrow(1, feature, 1), h.select(2, feature));
            if (log is not null) logs.Add(log);
        }
        return (torch.cat(columns, 1), logs.Count == 0 ? ZeroLogDet(z) : torch.cat(logs, 1).sum(1L));
    }

    /// <summary>The features, the first in the network's order first.</summary>
    private IEnumerable<int> InOrder() => Enumerable.Range(0, conditioner.Inputs).OrderBy(feature => conditioner.Order[feature]);

    /// <inheritdoc/>
    protected override string Title => $"MaskedAutoregressive, {transformer}";

    /// <inheritdoc/>
    protected override IEnumerable<object> Parts => [conditioner];
}
