using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// A network that sees angles by their cosines and sines, so that -pi and pi are one place: inner([others, cos, sin]).
/// </summary>
public sealed class PeriodicConditioner : Conditioner
{
    private readonly Conditioner inner;
    private readonly Tensor angles;
    private readonly Tensor others;

    /// <summary>Puts the features of angles before a network.</summary>
    /// <param name="inputs">Features that go in.</param>
    /// <param name="angles">Which of them are angles, in radians.</param>
    /// <param name="inner">Makes the network of the given number of features: one more for each angle.</param>
    /// <exception cref="ArgumentException">An angle is named twice, or is no feature; or the network has other
    /// inputs.</exception>
    public PeriodicConditioner(int inputs, IReadOnlyList<int> angles, Func<int, Conditioner> inner)
        : this(inputs, Checked(inputs, angles), (inner ?? throw new ArgumentNullException(nameof(inner)))(inputs + angles.Count))
    {
    }

    private PeriodicConditioner(int inputs, IReadOnlyList<int> angles, Conditioner inner)
        : base(nameof(PeriodicConditioner), inputs, inner.Outputs, inner.ContextSize)
    {
        if (inner.Inputs != inputs + angles.Count)
            throw new ArgumentException($"{inputs} features, {angles.Count} of them angles, give a network "
                + $"{inputs + angles.Count}, but this one takes {inner.Inputs}.", nameof(inner));
        this.inner = inner;
        this.angles = torch.tensor(angles.Select(i => (long)i).ToArray());
        others = torch.tensor(Enumerable.Range(0, inputs).Except(angles).Select(i => (long)i).ToArray(), dtype: ScalarType.Int64);
        RegisterComponents();
    }

    internal override bool? OnImages => false;

    private static IReadOnlyList<int> Checked(int inputs, IReadOnlyList<int> angles)
    {
        Arguments.AtLeastOne(inputs);
        ArgumentNullException.ThrowIfNull(angles);
        if (angles.Distinct().Count() != angles.Count || angles.Any(i => i < 0 || i >= inputs))
            throw new ArgumentException($"Angles are features 0 to {inputs - 1}, each named once, but was given "
                + $"({string.Join(", ", angles)}).", nameof(angles));
        return angles;
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor kept, Tensor? context)
    {
        var turned = kept.index_select(1, angles);
        return inner.call(torch.cat([kept.index_select(1, others), turned.cos(), turned.sin()], 1), context);
    }

    /// <inheritdoc/>
    public override string ToString() => $"angles {angles.numel()} of {Inputs}, {inner}";
}
