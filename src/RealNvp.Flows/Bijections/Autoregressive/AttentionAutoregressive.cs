using RealNvp.Flows.Networks;
using RealNvp.Flows.Transformers;
using static TorchSharp.torch;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// z_i = tau(x_i; c_i(x_1, ..., x_(i-1))) for a sequence of T tokens of d numbers, c a causal transformer: the Jacobian is block
/// triangular, diagonal within a token. Forward is one pass; the inverse keeps keys and values, so that its T steps together cost
/// about as much (TarFlow; Zhai et al. 2024, arXiv:2412.06329).
/// </summary>
/// <remarks>Events are [T, d]: <see cref="Patches"/> makes them of images. Between two layers a <see cref="Permute"/> turns the
/// sequence round.</remarks>
/// <example>
/// <code>
/// var transformer = new AffineTransformer(AffineOrder.ShiftThenScale);
/// var layer = new AttentionAutoregressive(transformer, new CausalTransformer(6, 2, transformer.ParametersPerElement, 16));
/// var z = randn(4, 6, 2);
/// var (x, passes) = layer.InverseByJacobi(z);
/// Console.WriteLine($"{passes &lt;= 6} {layer.Inverse(z).X.allclose(x, 1e-4, 1e-5)}");
/// // prints True True
/// </code>
/// </example>
public sealed class AttentionAutoregressive : AutoregressiveBijection
{
    private readonly CausalTransformer conditioner;

    /// <summary>Joins a transformer of elements and a causal transformer of tokens.</summary>
    /// <exception cref="ArgumentException">The network's outputs do not fit.</exception>
    public AttentionAutoregressive(Transformer transformer, CausalTransformer conditioner)
        : base(nameof(AttentionAutoregressive),
            [(conditioner ?? throw new ArgumentNullException(nameof(conditioner))).Tokens, conditioner.Features],
            transformer, conditioner.ContextSize)
    {
        if (conditioner.ParametersPerElement != transformer.ParametersPerElement)
            throw new ArgumentException($"This transformer takes {transformer.ParametersPerElement} parameters for each number, "
                + $"but the network gives {conditioner.ParametersPerElement}.", nameof(conditioner));
        this.conditioner = conditioner;
        RegisterComponents();
    }

    /// <summary>The causal transformer.</summary>
    public CausalTransformer Conditioner => conditioner;

    /// <inheritdoc/>
    protected internal override IReadOnlyList<int> InOrder => [.. Enumerable.Range(0, conditioner.Tokens)];

    /// <inheritdoc/>
    protected internal override Tensor Conditioned(Tensor x, Tensor? context) => conditioner.call(x, context);

    /// <inheritdoc/>
    protected internal override Func<IReadOnlyList<Tensor>, Tensor> InTurn(Tensor like, Tensor? context) =>
        conditioner.InTurn(like.size(0), context);

    /// <inheritdoc/>
    protected override string Title => $"AttentionAutoregressive, {Transformer}";

    /// <inheritdoc/>
    protected override IEnumerable<object> Parts => [conditioner];
}
