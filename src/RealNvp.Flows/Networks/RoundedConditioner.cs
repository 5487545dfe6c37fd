using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// Whole shifts for couplings of whole numbers, t(x) = round(L c(x / L)) with another conditioner c: with
/// <see cref="Transformers.AdditiveTransformer"/> a coupling then maps whole numbers to whole numbers, one to one. Gradients pass
/// the rounding as if it were not there (Hoogeboom, Peters, van den Berg, Welling 2019, arXiv:1905.07376, section 3).
/// </summary>
/// <example>
/// <code>
/// var coupling = new Coupling(Partition.Halves(4), new AdditiveTransformer(),
///     (i, o) =&gt; new RoundedConditioner(new Mlp(i, o, [16]), levels: 256));
/// var x = randint(0, 256, [5, 4]).to(float32);
/// var z = coupling.Forward(x).Z;
/// Console.WriteLine(z.Equals(z.round()) &amp;&amp; coupling.Inverse(z).X.Equals(x));
/// // prints True
/// </code>
/// </example>
public sealed class RoundedConditioner : Conditioner
{
    private readonly Conditioner network;
    private readonly int levels;

    /// <summary>Wraps a conditioner.</summary>
    /// <param name="network">c.</param>
    /// <param name="levels">L: the data are whole numbers 0 to L - 1, or about that.</param>
    /// <exception cref="ArgumentOutOfRangeException">levels is below 2.</exception>
    public RoundedConditioner(Conditioner network, int levels) : base(nameof(RoundedConditioner),
        (network ?? throw new ArgumentNullException(nameof(network))).Inputs, network.Outputs, network.ContextSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 2);
        (this.network, this.levels) = (network, levels);
        RegisterComponents();
    }

    internal override bool? OnImages => network.OnImages;

    internal override long[]? ContextImage => network.ContextImage;

    /// <inheritdoc/>
    public override Tensor forward(Tensor kept, Tensor? context)
    {
        var shift = network.call(kept / levels, context) * levels;
        return shift + (shift.round() - shift).detach();
    }

    /// <inheritdoc/>
    public override string ToString() => $"round({levels} {network})";
}
