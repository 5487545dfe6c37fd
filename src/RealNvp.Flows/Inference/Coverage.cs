using RealNvp.Flows.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Inference;

/// <summary>
/// Whether a model q reaches all of a density p known up to a factor. A fit of one mode of two has perfect weights: events of q
/// cannot tell what q never reaches. Particles of p that started from a wide density can, by <see cref="SequentialMonteCarlo"/>.
/// </summary>
/// <param name="Missed">The part of p where q has less than a hundredth of its density.</param>
/// <param name="Efficiency">The effective sample size of q's weights as a part of N, from p's particles; see <see
/// cref="ImportanceSample.EfficiencyFrom"/>.</param>
/// <param name="LogNormalizer">log Z of the particles.</param>
/// <param name="Particles">How many there are, N: a part of p far below 1 / N is seen by none.</param>
/// <example>
/// <code>
/// var two = new GaussianMixture(tensor([0.5, 0.5]), tensor(new[,] { { -4.0 }, { 4 } }), ones(2, 1, 1, float64));
/// var one = new Gaussian(tensor([4.0]), ones(1, 1, float64));   // the right mode alone
/// var wide = new Flow(new Standardize(zeros(1), full([1], 5f))).to(float64);
/// Console.WriteLine(Coverage.Of(one, x =&gt; two.LogProb(x), (Flow)wide, generator: new Generator(1)).IsCollapsed);
/// // prints True
/// </code>
/// </example>
public sealed record Coverage(double Missed, double Efficiency, double LogNormalizer, int Particles)
{
    private const double Little = 0.01;

    /// <summary>Whether q misses more than a hundredth of p.</summary>
    public bool IsCollapsed => Missed > Little;

    /// <summary>Draws particles of p from a wide start, and looks at q there.</summary>
    /// <param name="q">The model that is judged.</param>
    /// <param name="logDensity">log p(x) up to a constant, [N] for events [N, ...event], differentiable in x.</param>
    /// <param name="wide">A density that reaches wherever p may lie, a normal of large scale say. What it does not reach remains
    /// unseen.</param>
    /// <param name="particles">N.</param>
    /// <param name="moves">Hamiltonian moves after each rise of the inverse temperature.</param>
    /// <param name="generator">Source of randomness; null is torch's global one.</param>
    /// <exception cref="ArgumentException">q or the start takes a context, their events have different shapes, or the log-density
    /// gives no [N], or is not finite at any particle.</exception>
    public static Coverage Of(Distribution q, Func<Tensor, Tensor> logDensity, Flow wide, int particles = 2000, int moves = 4,
        Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(logDensity);
        ArgumentNullException.ThrowIfNull(wide);
        UnnormalizedDensity.RequireUnconditional(q);
        if (!wide.EventShape.SequenceEqual(q.EventShape))
            throw new ArgumentException($"The start has events of q's shape {Shapes.Text(q.EventShape)}, but was given one of "
                + $"{Shapes.Text(wide.EventShape)}.", nameof(wide));
        using var guard = torch.no_grad();
        using var mode = EvaluationMode.Of(q);
        using var scope = NewDisposeScope();
        var found = SequentialMonteCarlo.Run(wide, logDensity, particles, moves, generator: generator);
        var logWeights = UnnormalizedDensity.At(logDensity, found.X).to(float64) - q.LogProb(found.X).to(float64);
        var missed = (logWeights - found.LogNormalizer).gt(-Math.Log(Little)).to(float64).mean().ToDouble();
        return new(missed, ImportanceSample.EfficiencyFrom(q, logDensity, found.X), found.LogNormalizer, particles);
    }

    /// <summary>One line; a collapse is said.</summary>
    public override string ToString() => IsCollapsed
        ? $"q has collapsed: {Missed:p1} of p lies where q has less than a hundredth of its density"
        : $"q reaches p: {Missed:p1} of it lies where q has less than a hundredth of its density, efficiency {Efficiency:p0}";
}
