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
public sealed class MaskedAutoregressive : AutoregressiveBijection
{
    private readonly Made conditioner;

    /// <summary>Joins a transformer and a masked network.</summary>
    /// <exception cref="ArgumentException">The network's outputs do not fit the transformer.</exception>
    public MaskedAutoregressive(Transformer transformer, Made conditioner)
        : base(nameof(MaskedAutoregressive), [(conditioner ?? throw new ArgumentNullException(nameof(conditioner))).Inputs],
            transformer, conditioner.ContextSize)
    {
        if (conditioner.Outputs != conditioner.Inputs * transformer.ParametersPerElement)
            throw new ArgumentException(
                $"This transformer takes {transformer.ParametersPerElement} parameters for each of {conditioner.Inputs} "
                + "features, but the network gives "
                + $"{conditioner.Outputs} in all.", nameof(conditioner));
        this.conditioner = conditioner;
        RegisterComponents();
    }

    /// <summary>The masked network.</summary>
    public Made Conditioner => conditioner;

    /// <inheritdoc/>
    protected internal override IReadOnlyList<int> InOrder =>
        [.. Enumerable.Range(0, conditioner.Inputs).OrderBy(feature => conditioner.Order[feature])];

    /// <inheritdoc/>
    protected internal override Tensor Conditioned(Tensor x, Tensor? context) => conditioner.call(x, context);

    /// <inheritdoc/>
    protected internal override Func<IReadOnlyList<Tensor>, Tensor> InTurn(Tensor like, Tensor? context)
    {
        // A pass sees the features that are already right, and zeros in the place of those still to come.
        var (order, n) = (InOrder, like.size(0));
        var columns = Enumerable.Repeat(like.new_zeros(n, 1), conditioner.Inputs).ToArray();
        return found =>
        {
            if (found.Count > 0) columns[order[found.Count - 1]] = found[^1];
            return Conditioned(torch.cat(columns, 1), context).reshape(n, Transformer.ParametersPerElement, conditioner.Inputs)
                .select(2, order[found.Count]);
        };
    }

    /// <inheritdoc/>
    protected override string Title => $"MaskedAutoregressive, {Transformer}";

    /// <inheritdoc/>
    protected override IEnumerable<object> Parts => [conditioner];
}
