using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using RealNvp.Flows.Models;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Simulation;

/// <summary>
/// Neural posterior estimation: a flow q(theta | x) fitted to simulated pairs by maximum likelihood, whose loss is the mean of
/// KL(p(theta | x) || q(theta | x)) over x and a constant (Papamakarios, Murray 2016, arXiv:1605.06376; Greenberg, Nonnenmacher,
/// Macke 2019, arXiv:1905.07488). One fit serves every x: <see cref="At"/>.
/// </summary>
/// <remarks>
/// No mass lies outside of the prior's support: where the support is known (see <see cref="Support.Of"/>), the flow ends in a
/// bijection onto it; else samples outside are drawn anew, and <see cref="At"/> divides the density by its mass inside.
/// </remarks>
/// <example>
/// <code>
/// var prior = new Uniform(-1, 1, 2);
/// var pairs = Simulations.Draw(prior, theta =&gt; theta + 0.1 * randn_like(theta), 500);
/// var estimate = NeuralPosterior.Fit(prior, pairs, new() { Training = new() { Steps = 20 } });
/// var posterior = estimate.At(tensor(new[] { 0.2f, 0.9f }));
/// Console.WriteLine(posterior.Sample(1000).abs().max().ToDouble() &lt; 1);
/// // prints True
/// </code>
/// </example>
public sealed class NeuralPosterior : Distribution
{
    private const int MostRounds = 10_000;   // of drawing anew

    private readonly Embedded density;
    private readonly Func<Distribution> prior;   // the caller's: a field of its own type would be disposed with this
    private readonly IReadOnlyList<Support>? supports;
    private readonly long[] dataShape;

    private NeuralPosterior(Distribution prior, Embedded density, IReadOnlyList<Support>? supports, long[] dataShape)
        : base(nameof(NeuralPosterior), density.EventShape, density.ContextSize)
    {
        this.density = density;
        this.prior = () => prior;
        this.supports = supports;
        this.dataShape = dataShape;
        RegisterComponents();
    }

    /// <summary>How the fit went; null before one.</summary>
    public TrainingResult? Training { get; private set; }

    /// <summary>q without the prior's support.</summary>
    public Embedded Density => density;

    /// <summary>Whether the flow ends in a bijection onto the prior's support; else it may leak, and is held to it.</summary>
    public bool IsOntoSupport => supports is not null;

    /// <summary>Builds an estimator for pairs without fitting it: for saved weights.</summary>
    /// <inheritdoc cref="Fit"/>
    public static NeuralPosterior Unfitted(Distribution prior, Simulations pairs, EstimatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        Simulations.RequirePrior(prior);
        options ??= new();
        if (prior.Dimension != pairs.Theta.size(1))
            throw new ArgumentException($"The pairs have {pairs.Theta.size(1)} parameters, but the prior is one of "
                + $"{prior.Dimension}.", nameof(pairs));
        var supports = options.Supports ?? Support.Of(prior);
        var theta = pairs.Theta.to(torch.get_default_dtype(), CPU);
        return new(prior, PairDensity.Build(theta, supports, pairs.X, options), supports, pairs.X.shape[1..]);
    }

    /// <summary>Builds an estimator and fits it to pairs.</summary>
    /// <param name="prior">What the parameters were drawn from; it has to outlive the estimator.</param>
    /// <param name="pairs">Simulated pairs.</param>
    /// <param name="options">Embedding, flow, training; null is the default.</param>
    /// <exception cref="ArgumentException">Prior and pairs have different numbers of parameters, a parameter lies outside of its
    /// support, or an option is senseless.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a gradient was no longer a number.</exception>
    public static NeuralPosterior Fit(Distribution prior, Simulations pairs, EstimatorOptions? options = null)
    {
        options ??= new();
        var made = Unfitted(prior, pairs, options);
        using var scope = NewDisposeScope();
        made.Training = PairDensity.Fit(made.density, pairs.Theta.to(torch.get_default_dtype(), CPU), made.supports, pairs.X,
            options);
        made.eval();
        return made;
    }

    /// <summary>The posterior of one observation, a density of [D] without mass outside of the prior's support.</summary>
    /// <param name="x">The observation, of the shape of one row of the simulated data, or a batch of one.</param>
    /// <exception cref="ArgumentException">x has another shape, or a value is not finite.</exception>
    public Distribution At(Tensor x)
    {
        using var scope = NewDisposeScope();
        var inner = density.Given(Observed(x, dataShape).to(torch.get_default_dtype()).reshape(1, -1));
        return IsOntoSupport ? inner : new Restricted(inner, InSupport);
    }

    /// <summary>One observation as a batch of one.</summary>
    internal static Tensor Observed(Tensor x, long[] dataShape)
    {
        ArgumentNullException.ThrowIfNull(x);
        var fits = x.shape.SequenceEqual(dataShape) || x.shape.SequenceEqual([1, .. dataShape])
            || (x.dim() == 0 && dataShape is [1]);
        if (!fits)
            throw new ArgumentException($"An observation has the shape of one simulated row, {Shapes.Text(dataShape)}, or is a "
                + $"batch of one, but was given {Shapes.Text(x.shape)}.", nameof(x));
        var batch = x.reshape([1, .. dataShape]);
        Finite.Require(batch, nameof(x));
        return batch;
    }

    private Tensor InSupport(Tensor theta) => prior().LogProb(theta).isneginf().logical_not();

    /// <summary>log q(theta | x), minus infinity outside of the prior's support; where the flow may leak, not divided by its mass
    /// inside, as <see cref="At"/> does.</summary>
    protected internal override Tensor LogDensity(Tensor x, Tensor? context)
    {
        var log = density.LogDensity(x, context);
        return IsOntoSupport ? log : log.masked_fill(InSupport(x).logical_not(), double.NegativeInfinity);
    }

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator)
    {
        var theta = density.Draw(n, context, generator);
        if (IsOntoSupport) return theta;
        for (var round = 0; round < MostRounds; round++)
        {
            using var scope = NewDisposeScope();
            var outside = InSupport(theta).logical_not().nonzero().squeeze(1);
            if (outside.size(0) == 0) return theta;
            theta.index_copy_(0, outside, density.Draw(outside.size(0), context!.index_select(0, outside), generator));
        }
        throw new InvalidOperationException($"After {MostRounds} rounds there are contexts whose posterior has drawn nothing "
            + "inside the prior's support: they are far from what was simulated, or the fit is bad.");
    }

    /// <inheritdoc/>
    public override string ToString() => StructureText.Of(
        $"NeuralPosterior of {Shapes.Text(EventShape)} given {Shapes.Text(dataShape)}, "
        + (IsOntoSupport ? "onto the prior's support" : "held to the prior's support by rejection"), [density]);
}
