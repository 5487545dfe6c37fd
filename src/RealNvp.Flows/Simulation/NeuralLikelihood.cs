using RealNvp.Flows.Distributions;
using RealNvp.Flows.Networks;
using RealNvp.Flows.Training;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace RealNvp.Flows.Simulation;

/// <summary>
/// Neural likelihood estimation: a flow q(x | theta) fitted to simulated pairs (Papamakarios, Sterratt, Murray 2019,
/// arXiv:1805.07226). Observations that are independent given theta multiply, so <see cref="At"/> takes any number of them; its
/// posterior is sampled, not amortised.
/// </summary>
/// <remarks>
/// Pairs that failed are missing, so q is the density of those x that come out, p(x | theta) / P(valid | theta): where there were
/// failures, a network learns P(valid | theta) from the parameters of both kinds, and the posterior is multiplied by it.
/// </remarks>
/// <example>
/// <code>
/// var prior = new StandardNormal(1);
/// var pairs = Simulations.Draw(prior, theta =&gt; theta + randn_like(theta), 1000);
/// var estimate = NeuralLikelihood.Fit(prior, pairs, new() { Training = new() { Steps = 20 } });
/// var posterior = estimate.At(tensor(new[,] { { 0.9f }, { 1.1f }, { 1.0f } }));   // three observations
/// Console.WriteLine(posterior.Sample(50).X.shape[0]);
/// // prints 50
/// </code>
/// </example>
public sealed class NeuralLikelihood : Distribution
{
    private const int ValidityWidth = 50;

    private readonly Embedded density;
    private readonly Mlp? validity;
    private readonly Func<Distribution> prior;   // the caller's: a field of its own type would be disposed with this
    private readonly long[] dataShape;

    private NeuralLikelihood(Distribution prior, Embedded density, Mlp? validity, long[] dataShape)
        : base(nameof(NeuralLikelihood), density.EventShape, density.ContextSize)
    {
        this.density = density;
        this.validity = validity;
        this.prior = () => prior;
        this.dataShape = dataShape;
        RegisterComponents();
    }

    /// <summary>How the fit went; null before one.</summary>
    public TrainingResult? Training { get; private set; }

    /// <summary>Builds an estimator for pairs without fitting it: for saved weights.</summary>
    /// <inheritdoc cref="Fit"/>
    public static NeuralLikelihood Unfitted(Distribution prior, Simulations pairs, EstimatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        Simulations.RequirePrior(prior);
        options ??= new();
        if (prior.Dimension != pairs.Theta.size(1))
            throw new ArgumentException($"The pairs have {pairs.Theta.size(1)} parameters, but the prior is one of "
                + $"{prior.Dimension}.", nameof(pairs));
        if (options.Embedding is not null)
            throw new ArgumentException("An embedding is of data that are a context; a likelihood is a density of the data "
                + $"themselves. Simulate summaries of them, or take {nameof(NeuralPosterior)}.", nameof(options));
        var theta = pairs.Theta.to(torch.get_default_dtype(), CPU);
        var density = PairDensity.Build(pairs.X.flatten(1), options.Supports, theta, options);
        using var seed = new TorchSeed(options.Seed);
        return new(prior, density, pairs.Failed == 0 ? null
            : new Mlp((int)prior.Dimension, 1, [ValidityWidth, ValidityWidth]), pairs.X.shape[1..]);
    }

    /// <summary>Builds an estimator and fits it to pairs.</summary>
    /// <param name="prior">What the parameters were drawn from, and the posterior's prior; it has to outlive the
    /// estimator.</param>
    /// <param name="pairs">Simulated pairs.</param>
    /// <param name="options">Flow and training; null is the default.</param>
    /// <exception cref="ArgumentException">Prior and pairs have different numbers of parameters, or an option is
    /// senseless.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a gradient was no longer a number.</exception>
    public static NeuralLikelihood Fit(Distribution prior, Simulations pairs, EstimatorOptions? options = null)
    {
        options ??= new();
        var made = Unfitted(prior, pairs, options);
        using var scope = NewDisposeScope();
        var theta = pairs.Theta.to(torch.get_default_dtype(), CPU);
        made.Training = PairDensity.Fit(made.density, pairs.X.flatten(1), options.Supports, theta, options);
        if (made.validity is { } network) FitValidity(made, network, theta, pairs.FailedTheta.to(theta.dtype, CPU), options);
        made.eval();
        return made;
    }

    /// <summary>The posterior given observations that are independent given theta.</summary>
    /// <param name="x">One observation, of the shape of one row of the simulated data, or a batch [M, ...] of them.</param>
    /// <exception cref="ArgumentException">x has another shape, or a value is not finite.</exception>
    public LikelihoodPosterior At(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        var batch = x.dim() == dataShape.Length + 1 && x.size(0) > 0 && x.shape[1..].SequenceEqual(dataShape)
            ? x : NeuralPosterior.Observed(x, dataShape);
        Data.Finite.Require(batch, nameof(x));
        return new(this, prior(), scope.MoveToOuter(batch.detach().to(torch.get_default_dtype(), copy: true).flatten(1)));
    }

    /// <summary>log P(valid | theta), [N]; 0 where no pair failed.</summary>
    internal Tensor LogValid(Tensor theta) => validity is null ? theta.new_zeros(theta.size(0))
        : F.logsigmoid(validity.call(density.Features(theta), null).squeeze(1));

    private static void FitValidity(NeuralLikelihood made, Mlp network, Tensor valid, Tensor failed, EstimatorOptions options)
    {
        using var seed = new TorchSeed(options.Seed);
        Tensor all, labels;
        using (torch.no_grad())
        {
            all = made.density.Features(torch.cat([valid, failed], 0));
            labels = torch.cat([torch.ones(valid.size(0)), torch.zeros(failed.size(0))], 0);
        }
        var batch = Math.Min(256, all.size(0));
        Trainer.Minimize(network, _ =>
        {
            var rows = torch.randint(0, all.size(0), [batch], ScalarType.Int64);
            return F.binary_cross_entropy_with_logits(network.call(all.index_select(0, rows), null).squeeze(1),
                labels.index_select(0, rows));
        }, new() { Steps = 1500, LearningRate = 3e-3, WeightDecay = 1e-3 });
    }

    /// <inheritdoc/>
    protected internal override Tensor LogDensity(Tensor x, Tensor? context) => density.LogDensity(x, context);

    /// <inheritdoc/>
    protected internal override Tensor Draw(long n, Tensor? context, Generator? generator) =>
        density.Draw(n, context, generator);

    /// <inheritdoc/>
    public override string ToString() => StructureText.Of(
        $"NeuralLikelihood of {Shapes.Text(dataShape)} given {ContextSize} parameters"
        + (validity is null ? "" : ", with the probability of failure"), [density]);
}
