using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Distributions;

/// <summary>
/// A conditional density that sees its context through a network, p(x | h(c)): an image, a series or a set c becomes some
/// features h(c). The network is a part of the model, so that <see cref="Training.Trainer.Fit"/> trains both together.
/// </summary>
/// <example>
/// <code>
/// var network = nn.Sequential(nn.Conv1d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 8, 2));
/// var model = new Embedded(Architectures.RealNvp(2, contextSize: 2), network, 1, 10);
/// Console.WriteLine(model.Sample(5, context: randn(5, 10)).shape[1]);
/// // prints 2
/// </code>
/// </example>
public sealed class Embedded : Distribution
{
    private readonly Distribution density;
    private readonly nn.Module<Tensor, Tensor> embedding;
    private readonly long[] contextShape;

    /// <summary>Joins a density and a network, which are the model's from then on: they are disposed with it.</summary>
    /// <param name="density">p, whose context are the features.</param>
    /// <param name="embedding">h: from contexts [N, ...contextShape] to features [N, density.ContextSize].</param>
    /// <param name="contextShape">Shape of one context; it comes in flattened, [N, ContextSize].</param>
    /// <exception cref="ArgumentException">The density takes no context, or the shape is empty or holds a size below
    /// 1.</exception>
    public Embedded(Distribution density, nn.Module<Tensor, Tensor> embedding, params long[] contextShape)
        : base(nameof(Embedded), (density ?? throw new ArgumentNullException(nameof(density))).EventShape, Size(contextShape))
    {
        ArgumentNullException.ThrowIfNull(embedding);
        if (density.ContextSize is null)
            throw new ArgumentException($"The features are the density's context, but {density.GetName()} takes none; build it "
                + "with contextSize.", nameof(density));
        this.density = density;
        this.embedding = embedding;
        this.contextShape = contextShape;
        RegisterComponents();
    }

    /// <summary>p.</summary>
    public Distribution Density => density;

    /// <summary>h(c), [N, features].</summary>
    /// <param name="context">Contexts [N, ContextSize].</param>
    /// <exception cref="ArgumentException">The contexts do not fit, or the network gives another number of features than the
    /// density takes.</exception>
    public Tensor Features(Tensor context)
    {
        Shapes.RequireContext(GetName(), context, ContextSize, null);
        return ModelCall.Run(this, GetName(), () => FeaturesOf(context), (context, nameof(context)));
    }

    private Tensor FeaturesOf(Tensor context)
    {
        var h = embedding.call(context.reshape([context.size(0), .. contextShape]));
        return h.dim() == 2 && h.size(0) == context.size(0) && h.size(1) == density.ContextSize ? h
            : throw new ArgumentException($"The network gives features [{context.size(0)}, {density.ContextSize}], which the "
                + $"density takes, but it gave {Shapes.Text(h.shape)}.", nameof(embedding));
    }

    /// <summary>The density under one context, whose features are computed once, as the network is now.</summary>
    /// <inheritdoc/>
    public override Distribution Given(Tensor context)
    {
        Shapes.RequireContext(GetName(), context, ContextSize, 1);
        using var guard = torch.no_grad();
        using var mode = EvaluationMode.Of(this);
        using var scope = NewDisposeScope();
        return density.Given(Features(context));
    }

    /// <inheritdoc/>
    protected internal override Tensor LogDensity(Tensor x, Tensor? context) => density.LogDensity(x, FeaturesOf(context!));

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator) =>
        density.Draw(n, FeaturesOf(context!), generator);

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogProb) DrawWithLogDensity(long n, Tensor? context, Generator? generator) =>
        density.DrawWithLogDensity(n, FeaturesOf(context!), generator);

    private static long Size(long[] contextShape)
    {
        ArgumentNullException.ThrowIfNull(contextShape);
        return contextShape.Length > 0 && contextShape.All(size => size >= 1) ? contextShape.Elements()
            : throw new ArgumentException("A context has at least one dimension of positive size, but was given "
                + $"{Shapes.Text(contextShape)}.", nameof(contextShape));
    }

    /// <inheritdoc/>
    public override string ToString() =>
        StructureText.Of($"Embedded, context {Shapes.Text(contextShape)}", [embedding, density]);
}
