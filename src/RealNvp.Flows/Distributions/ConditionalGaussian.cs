using RealNvp.Flows.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>
/// Independent normals whose means and log-scales a network computes from a context c, p(x | c) = prod_i N(x_i; m_i(c),
/// exp(s_i(c))^2), with s bounded smoothly, s = 7 tanh(r / 7): a base that the context moves, or a regression with its noise.
/// </summary>
public sealed class ConditionalGaussian : Distribution
{
    private const double LogScaleBound = 7;

    private readonly Conditioner network;

    /// <summary>Joins an event's shape and the network.</summary>
    /// <param name="network">From the context's features to 2 D numbers: D means, then D unbounded log-scales.</param>
    /// <param name="eventShape">Shape of one event, of D numbers.</param>
    /// <exception cref="ArgumentException">The network does not give two numbers for each of the event's, or takes a context
    /// besides its input.</exception>
    public ConditionalGaussian(Conditioner network, params long[] eventShape)
        : base(nameof(ConditionalGaussian), eventShape, (network ?? throw new ArgumentNullException(nameof(network))).Inputs)
    {
        if (network.Outputs != 2 * Dimension)
            throw new ArgumentException(
                $"Events of shape {Shapes.Text(eventShape)} take {2 * Dimension} parameters, a mean and a log-scale for each "
                + $"number, but the network gives {network.Outputs}.",
                nameof(network));
        if (network.ContextSize is { } size)
            throw new ArgumentException("The network's input is the context; it takes no second one, but was built for one of "
                + $"{size} features.", nameof(network));
        this.network = network;
        RegisterComponents();
    }

    /// <summary>With a perceptron of the context that starts at the standard normal.</summary>
    /// <param name="contextSize">Features of the context.</param>
    /// <param name="hidden">Widths of the hidden layers.</param>
    /// <param name="eventShape">Shape of one event.</param>
    public ConditionalGaussian(int contextSize, IReadOnlyList<int> hidden, params long[] eventShape)
        : this(new Mlp(Arguments.AtLeastOne(contextSize), Parameters(eventShape), hidden), eventShape)
    {
    }

    /// <summary>A mean and a log-scale for each number of an event.</summary>
    private static int Parameters(long[] eventShape) =>
        eventShape.Length > 0 && eventShape.All(size => size >= 1) ? (int)(2 * eventShape.Elements())
        : throw new ArgumentException("A ConditionalGaussian needs at least one dimension of positive size, but was given "
            + $"{Shapes.Text(eventShape)}.", nameof(eventShape));

    /// <summary>The means and log-scales under each context [N, ContextSize]: two of [N, ...event].</summary>
    public (Tensor Mean, Tensor LogScale) Parameters(Tensor context)
    {
        using var scope = NewDisposeScope();
        var parts = network.call(context, null).chunk(2, 1);
        long[] shape = [context.size(0), .. EventShape];
        return scope.MoveToOuter(parts[0].reshape(shape), (parts[1] / LogScaleBound).tanh().mul(LogScaleBound).reshape(shape));
    }

    /// <inheritdoc/>
    protected internal override Tensor LogDensity(Tensor x, Tensor? context)
    {
        var (mean, logScale) = Parameters(context!);
        var white = (x - mean) * logScale.neg().exp();
        return (white.square() * -0.5 - logScale).flatten(1).sum(1L) - 0.5 * Dimension * Math.Log(2 * Math.PI);
    }

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator)
    {
        var (mean, logScale) = Parameters(context!);
        return torch.randn([n, .. EventShape], mean.dtype, mean.device, generator: generator) * logScale.exp() + mean;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        StructureText.Of($"ConditionalGaussian {Shapes.Text(EventShape)}, context {ContextSize}", [network]);
}
