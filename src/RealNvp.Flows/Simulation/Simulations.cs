using RealNvp.Flows.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Simulation;

/// <summary>
/// Pairs of parameters and of what a simulator made of them, (theta, x) with theta from a prior and x from p(x | theta). A draw
/// at which the simulator fails, or gives a value that is not finite, costs itself alone: it is left out and counted.
/// </summary>
/// <remarks>
/// Whether a draw is left out is told by x alone, so the posterior of an x that is finite is the same without them; the
/// likelihood is that of a finite x, which <see cref="NeuralLikelihood"/> corrects for by the parameters of those left out.
/// </remarks>
/// <example>
/// <code>
/// var prior = new Uniform(-1, 1, 2);
/// var pairs = Simulations.Draw(prior, theta =&gt; (theta + 0.1 * randn_like(theta)).log(), 1000);   // fails below 0
/// Console.WriteLine($"{pairs.Asked} {pairs.Count &lt; 400} {pairs.NotFinite == 1000 - pairs.Count}");
/// // prints 1000 True True
/// </code>
/// </example>
public sealed class Simulations
{
    private Simulations(Tensor theta, Tensor x, Tensor failed, long threw, Exception? firstFailure)
    {
        (Theta, X, FailedTheta) = (theta, x, failed);
        (Threw, FirstFailure) = (threw, firstFailure);
    }

    /// <summary>Parameters, [N, D].</summary>
    public Tensor Theta { get; }

    /// <summary>What was simulated, [N, ...], in torch's default dtype.</summary>
    public Tensor X { get; }

    /// <summary>Parameters of the draws that were left out, [Failed, D].</summary>
    public Tensor FailedTheta { get; }

    /// <summary>N.</summary>
    public long Count => Theta.size(0);

    /// <summary>Draws that were asked for.</summary>
    public long Asked => Count + Failed;

    /// <summary>Draws left out.</summary>
    public long Failed => FailedTheta.size(0);

    /// <summary>Draws left out because the simulator threw.</summary>
    public long Threw { get; }

    /// <summary>Draws left out because a value was NaN or infinite.</summary>
    public long NotFinite => Failed - Threw;

    /// <summary>What the simulator threw first; null where it did not.</summary>
    public Exception? FirstFailure { get; }

    /// <summary>Draws parameters from a prior (or a posterior, for its predictive draws) and simulates each.</summary>
    /// <param name="prior">A density of vectors [D] that takes no context.</param>
    /// <param name="simulator">
    /// From parameters [n, D] to data [n, ...], one row for each; it draws its own randomness. Where it throws, the batch is
    /// halved until the draws are found that it throws at.
    /// </param>
    /// <param name="count">Draws.</param>
    /// <param name="generator">Source of the parameters' randomness; null is torch's global one.</param>
    /// <param name="options">Size of a batch, progress, cancellation.</param>
    /// <exception cref="ArgumentException">The prior is no density of vectors or takes a context, a number is below 1, or the
    /// simulator gives another number of rows than it gets, or rows of different shapes.</exception>
    /// <exception cref="InvalidOperationException">Every draw failed; the first failure is inside.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, or the simulator says so.</exception>
    public static Simulations Draw(Distribution prior, Func<Tensor, Tensor> simulator, long count,
        Generator? generator = null, SimulationOptions? options = null)
    {
        RequirePrior(prior);
        ArgumentNullException.ThrowIfNull(simulator);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        options ??= new();
        options.Validate();
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        using var run = new SimulatorRun(simulator);
        for (var done = 0L; done < count; done += options.BatchSize)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            run.Take(prior.Sample(Math.Min(options.BatchSize, count - done), generator: generator));
            options.Progress?.Invoke(Math.Min(count, done + options.BatchSize));
        }
        if (run.Theta.Count == 0)
            throw new InvalidOperationException($"All {count} draws failed: "
                + (run.FirstFailure is { } first ? $"at {run.Threw} the simulator threw, first: {first.Message}"
                    : "each gave a value that is NaN or infinite."), run.FirstFailure);
        return new(scope.MoveToOuter(torch.cat(run.Theta.ToArray(), 0)), scope.MoveToOuter(torch.cat(run.X.ToArray(), 0)),
            scope.MoveToOuter(torch.cat([run.Theta[0].narrow(0, 0, 0), .. run.Failed], 0)), run.Threw, run.FirstFailure);
    }

    /// <summary>Pairs that are there already, from files say. Rows of x with a value that is not finite are left out.</summary>
    /// <param name="theta">Parameters [N, D], all finite.</param>
    /// <param name="x">Data [N, ...].</param>
    /// <exception cref="ArgumentException">The numbers of rows differ, a parameter is not finite, or no row of x is
    /// finite.</exception>
    public static Simulations Of(Tensor theta, Tensor x)
    {
        Shapes.Require(nameof(Simulations), theta, null, nameof(theta));
        ArgumentNullException.ThrowIfNull(x);
        if (theta.dim() != 2 || x.dim() < 1 || x.size(0) != theta.size(0))
            throw new ArgumentException($"Pairs are parameters [N, D] and data [N, ...], but were given "
                + $"{Shapes.Text(theta.shape)} and {Shapes.Text(x.shape)}.", nameof(x));
        Data.Finite.Require(theta, nameof(theta));
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var data = SimulatorRun.AsRows(x);
        var finite = SimulatorRun.FiniteRows(data);
        var kept = finite.nonzero().squeeze(1);
        if (kept.size(0) == 0) throw new ArgumentException("No row of x is finite.", nameof(x));
        return new(scope.MoveToOuter(theta.detach().index_select(0, kept)), scope.MoveToOuter(data.index_select(0, kept)),
            scope.MoveToOuter(theta.detach().index_select(0, finite.logical_not().nonzero().squeeze(1))), 0, null);
    }

    /// <summary>These pairs and others of the same simulator.</summary>
    /// <exception cref="ArgumentException">Their shapes differ.</exception>
    public Simulations And(Simulations other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!Theta.shape[1..].SequenceEqual(other.Theta.shape[1..]) || !X.shape[1..].SequenceEqual(other.X.shape[1..]))
            throw new ArgumentException($"Pairs of one simulator have one shape, but these have {Shapes.Text(Theta.shape)} with "
                + $"{Shapes.Text(X.shape)} and {Shapes.Text(other.Theta.shape)} with {Shapes.Text(other.X.shape)}.",
                nameof(other));
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        Tensor Both(Tensor first, Tensor second) => scope.MoveToOuter(torch.cat([first, second], 0));
        return new(Both(Theta, other.Theta), Both(X, other.X), Both(FailedTheta, other.FailedTheta), Threw + other.Threw,
            FirstFailure ?? other.FirstFailure);
    }

    /// <summary>Holds a prior to be a density of vectors without a context.</summary>
    internal static void RequirePrior(Distribution prior)
    {
        ArgumentNullException.ThrowIfNull(prior);
        Inference.UnnormalizedDensity.RequireUnconditional(prior);
        if (prior.EventShape.Length != 1)
            throw new ArgumentException($"A prior is a density of parameters [D], but {prior.GetName()} has events of shape "
                + $"{Shapes.Text(prior.EventShape)}.", nameof(prior));
    }

    /// <summary>One line: how many, and how many were left out and why.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Count:n0} pairs of {Shapes.Text(Theta.shape[1..])} and {Shapes.Text(X.shape[1..])}")
        + (Failed == 0 ? "" : FormattableString.Invariant(
            $"; {Failed:n0} of {Asked:n0} draws left out: {NotFinite:n0} not finite, {Threw:n0} threw"))
        + (FirstFailure is { } first ? $" (first: {first.Message})" : "");
}
