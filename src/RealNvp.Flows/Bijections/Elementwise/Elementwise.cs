using RealNvp.Flows.Transformers;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace RealNvp.Flows.Bijections;

/// <summary>
/// A transformer with learned parameters of its own for each element, the same for every event: z_i = tau(x_i; h_i).
/// </summary>
public sealed class Elementwise : Bijection
{
    private const double SmallSpread = 0.05;

    private readonly Transformer transformer;
    private readonly Parameter perElement;

    /// <summary>
    /// Starts near the identity: parameters are small random numbers, since equal parts of a transformer would stay equal for
    /// ever.
    /// </summary>
    public Elementwise(Transformer transformer, params long[] eventShape) : this(transformer, SmallSpread, eventShape)
    {
    }

    /// <summary>Starts at normal random parameters of a standard deviation of the caller's choice.</summary>
    /// <param name="transformer">How each element is changed.</param>
    /// <param name="spread">The standard deviation: the larger, the more unlike the parts of a transformer start.</param>
    /// <param name="eventShape">Shape of one event.</param>
    public Elementwise(Transformer transformer, double spread, long[] eventShape) : base(nameof(Elementwise), eventShape)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        if (eventShape.Length == 0)
            throw new ArgumentException("An elementwise map needs the event's shape, which its parameters have.",
                nameof(eventShape));
        Arguments.NotNegative(spread);
        this.transformer = transformer;
        perElement = new Parameter(Drawn(spread, [transformer.ParametersPerElement * eventShape[0], .. eventShape[1..]]));
        RegisterComponents();
    }

    /// <summary>How each element is changed.</summary>
    public Transformer Transformer => transformer;

    /// <inheritdoc/>
    protected internal override (Tensor Z, Tensor LogDet) ForwardCore(Tensor x, Tensor? context)
    {
        var (y, log) = transformer.Forward(x, ForBatch(x));
        return (y, SumOverEvent(log, x));
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseCore(Tensor z, Tensor? context)
    {
        var (x, log) = transformer.Inverse(z, ForBatch(z));
        return (x, SumOverEvent(log, z));
    }

    private static Tensor Drawn(double spread, long[] shape) =>
        torch.WrappedTensorDisposeScope(() => torch.randn(shape) * spread);

    private Tensor ForBatch(Tensor x) => perElement.unsqueeze(0).expand([x.size(0), .. perElement.shape]);

    /// <inheritdoc/>
    protected override string Title => $"Elementwise, {transformer}, on {Shapes.Text(EventShape!)}";
}
