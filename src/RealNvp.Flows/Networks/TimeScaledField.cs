using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>
/// A perceptron of [z, z / (t + 0.1), t, log(t + 0.05)] with silu between its layers, for velocities from data at time 0 to
/// noise at time 1: close to the data a velocity has their finest detail, and the second block shows z magnified there.
/// </summary>
public sealed class TimeScaledField : VectorField
{
    private const double Magnified = 0.1;    // z is shown up to ten times as large
    private const double Earliest = 0.05;

    private readonly Mlp network;

    /// <summary>Builds the layers; the last one starts at zero, so that nothing moves.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="hidden">Widths of the hidden layers; null is [64, 64, 64].</param>
    /// <param name="contextSize">Features of a context, joined to the input; null for none.</param>
    public TimeScaledField(int dimension, IReadOnlyList<int>? hidden = null, long? contextSize = null)
        : base(nameof(TimeScaledField), dimension, contextSize)
    {
        network = new Mlp(2 * dimension + 2, dimension, hidden ?? [64, 64, 64], Activation.Silu, contextSize);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor Velocity(double t, Tensor z) => Velocity(t, z, null);

    /// <inheritdoc/>
    public override Tensor Velocity(double t, Tensor z, Tensor? context) =>
        VelocityAt(torch.full_like(z.narrow(1, 0, 1), t), z, context);

    /// <inheritdoc/>
    public override Tensor VelocityAt(Tensor t, Tensor z, Tensor? context) =>
        network.call(torch.cat([z, z / (t + Magnified), t, (t + Earliest).log()], 1), context);

    /// <inheritdoc/>
    public override string ToString() => $"TimeScaledField, {network}";
}
