using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RealNvp.Flows.Networks;

/// <summary>A velocity v(t, z) for each point [N, d] at a time, smooth in z: the right-hand side of a continuous flow.</summary>
public abstract class VectorField : FlowModule
{
    /// <summary>In d dimensions.</summary>
    protected VectorField(string name, int dimension, long? contextSize = null) : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        if (contextSize is { } size) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size, nameof(contextSize));
        Dimension = dimension;
        ContextSize = contextSize;
    }

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>Features of the context; null when it takes none.</summary>
    public long? ContextSize { get; }

    /// <summary>v(t, z), [N, d].</summary>
    public abstract Tensor Velocity(double t, Tensor z);

    /// <summary>v(t, z; context), [N, d]; a field that takes a context overrides it.</summary>
    public virtual Tensor Velocity(double t, Tensor z, Tensor? context) => Velocity(t, z);

    /// <summary>v(t, z; context), [N, d], at a time for each point, [N, 1], as flow matching needs.</summary>
    /// <exception cref="NotSupportedException">The field does not override it.</exception>
    public virtual Tensor VelocityAt(Tensor t, Tensor z, Tensor? context) => throw new NotSupportedException(
        $"{GetName()} gives velocities at one time for all points; override {nameof(VelocityAt)} to train it by flow matching.");
}

/// <summary>A perceptron of [z, t] with tanh between its layers, smooth as the divergence needs.</summary>
public sealed class MlpField : VectorField
{
    private readonly ModuleList<Dense> layers;

    /// <summary>Builds the layers; the last one starts at zero, so that nothing moves.</summary>
    public MlpField(int dimension, params IReadOnlyList<int> hidden) : this(dimension, hidden, contextSize: null)
    {
    }

    /// <summary>The same with a context [N, contextSize] joined to [z, t].</summary>
    public MlpField(int dimension, IReadOnlyList<int> hidden, long? contextSize) : base(nameof(MlpField), dimension, contextSize)
    {
        long[] widths = [dimension + 1 + (contextSize ?? 0), .. Arguments.Widths(hidden).Select(h => (long)h), dimension];
        layers = new ModuleList<Dense>(
            [.. Enumerable.Range(0, widths.Length - 1).Select(k => new Dense(widths[k], widths[k + 1], k == widths.Length - 2))]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor Velocity(double t, Tensor z) => Velocity(t, z, null);

    /// <inheritdoc/>
    public override Tensor Velocity(double t, Tensor z, Tensor? context) =>
        VelocityAt(torch.full_like(z.narrow(1, 0, 1), t), z, context);

    /// <inheritdoc/>
    public override Tensor VelocityAt(Tensor t, Tensor z, Tensor? context)
    {
        var h = torch.cat(context is null ? [z, t] : [z, t, context], 1);
        for (var k = 0; k < layers.Count; k++)
        {
            h = layers[k].call(h);
            if (k < layers.Count - 1) h = h.tanh();
        }
        return h;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"MlpField {string.Join(" -> ", [layers[0].Inputs, .. layers.Select(l => l.Outputs)])}, tanh"
        + (ContextSize is { } c ? $", context {c}" : "");
}
