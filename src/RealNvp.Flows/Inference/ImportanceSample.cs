using RealNvp.Flows.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Inference;

/// <summary>
/// Events from a model q with weights w = p(x) / q(x) that correct for what q is wrong about: means under p, the integral Z of an
/// unnormalised p, and whether the correction can be trusted.
/// </summary>
/// <example>
/// <code>
/// var q = new StandardNormal(1);
/// var sample = ImportanceSample.Draw(q, x =&gt; Math.Log(3) + q.LogProb(x / 1.1) - Math.Log(1.1), 20_000);
/// Console.WriteLine($"Z = {Math.Exp(sample.LogNormalizer):f1}, reliable: {sample.IsReliable}");
/// // prints Z = 3.0, reliable: True
/// </code>
/// </example>
public sealed class ImportanceSample
{
    private const double LargestShape = 0.7;
    private const long Batch = 8192;

    private ImportanceSample(Tensor x, Tensor logWeights)
    {
        (X, LogWeights) = (x, logWeights);
        using var scope = NewDisposeScope();
        var n = logWeights.size(0);
        var largest = logWeights.max().ToDouble();
        var weights = (logWeights - largest).exp();
        var (sum, squares) = (weights.sum().ToDouble(), weights.square().sum().ToDouble());
        LogNormalizer = largest + Math.Log(sum / n);
        EffectiveSampleSize = sum * sum / squares;
        LogNormalizerError = Math.Sqrt(Math.Max(0, n / EffectiveSampleSize - 1) / n);
        TailShape = ParetoTail.Shape(logWeights.cpu().data<double>().ToArray());
    }

    /// <summary>The events, [N, ...event].</summary>
    public Tensor X { get; }

    /// <summary>log p(x) - log q(x), [N], in float64.</summary>
    public Tensor LogWeights { get; }

    /// <summary>log Z, the logarithm of the mean weight.</summary>
    public double LogNormalizer { get; }

    /// <summary>Its standard error, sqrt(Var w / N) / mean w; far too small where the sample is not reliable.</summary>
    public double LogNormalizerError { get; }

    /// <summary>(sum w)^2 / sum w^2: so many events of p itself would tell as much (Kong 1992), at most N.</summary>
    public double EffectiveSampleSize { get; }

    /// <summary>
    /// The shape k of the generalised Pareto law of the largest weights: moments of w up to 1 / k exist. Above 0.7 the weights
    /// have collapsed, and no estimate from them can be trusted (Vehtari, Simpson, Gelman, Yao, Gabry 2024, arXiv:1507.02646).
    /// </summary>
    public double TailShape { get; }

    /// <summary>
    /// Whether the weights have a tail that means can be taken of. A part of p that q never reaches is not seen by any weight:
    /// <see cref="EfficiencyFrom"/> sees it, where there are events of p.
    /// </summary>
    public bool IsReliable => TailShape <= LargestShape;

    /// <summary>Draws events from q and weighs them.</summary>
    /// <param name="q">The model, a flow say.</param>
    /// <param name="logDensity">log p(x) up to a constant, [N] for events [N, ...event].</param>
    /// <param name="count">Events, at least 2.</param>
    /// <param name="generator">Source of randomness; null is torch's global one.</param>
    /// <exception cref="ArgumentException">q takes a context, the log-density gives no [N] or NaN, or is -infinity
    /// everywhere.</exception>
    public static ImportanceSample Draw(Distribution q, Func<Tensor, Tensor> logDensity, long count, Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(logDensity);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        UnnormalizedDensity.RequireUnconditional(q);
        using var guard = torch.no_grad();
        using var mode = EvaluationMode.Of(q);
        using var scope = NewDisposeScope();
        var parts = new List<(Tensor X, Tensor LogWeight)>();
        for (var left = count; left > 0; left -= Batch)
        {
            var (x, log) = q.SampleWithLogProb(Math.Min(Batch, left), generator: generator);
            parts.Add((x, UnnormalizedDensity.At(logDensity, x).to(float64) - log.to(float64)));
        }
        var all = torch.cat([.. parts.Select(part => part.X)], 0);
        var weights = torch.cat([.. parts.Select(part => part.LogWeight)], 0);
        if (weights.isnan().any().ToBoolean() || weights.isposinf().any().ToBoolean() || weights.isneginf().all().ToBoolean())
            throw new ArgumentException("The log-density is NaN or infinite at an event that the model drew, or -infinity at "
                + "all of them: there is nothing to weigh.", nameof(logDensity));
        return new(scope.MoveToOuter(all), scope.MoveToOuter(weights));
    }

    /// <summary>
    /// The effective sample size as a part of N from events of p, Z / E_p[w] with Z = 1 / E_p[1 / w]: low where q misses a part
    /// of p, which events of q cannot tell.
    /// </summary>
    /// <param name="q">The model.</param>
    /// <param name="logDensity">log p(x) up to a constant.</param>
    /// <param name="x">Events of p, [N, ...event].</param>
    public static double EfficiencyFrom(Distribution q, Func<Tensor, Tensor> logDensity, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(logDensity);
        UnnormalizedDensity.RequireUnconditional(q);
        using var guard = torch.no_grad();
        using var mode = EvaluationMode.Of(q);
        using var scope = NewDisposeScope();
        var log = UnnormalizedDensity.At(logDensity, x).to(float64) - q.LogProb(x).to(float64);
        var n = Math.Log(x.size(0));
        return Math.Exp(-(log.logsumexp(0).ToDouble() - n) - (log.neg().logsumexp(0).ToDouble() - n));
    }

    /// <summary>The mean of a function under p, by weights that sum to one, and its standard error.</summary>
    /// <param name="function">From events [N, ...event] to values [N].</param>
    public (double Mean, double StandardError) Mean(Func<Tensor, Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        using var guard = torch.no_grad();
        using var scope = NewDisposeScope();
        var weights = LogWeights.softmax(0);
        var values = UnnormalizedDensity.At(function, X).to(float64);
        var mean = (weights * values).sum();
        return (mean.ToDouble(), (weights * (values - mean)).square().sum().sqrt().ToDouble());
    }

    /// <summary>Events of equal weight: each of N is drawn by its weight.</summary>
    /// <returns>[count, ...event].</returns>
    public Tensor Resample(long count, Generator? generator = null)
    {
        using var scope = NewDisposeScope();
        var which = LogWeights.softmax(0).multinomial(count, replacement: true, generator: generator);
        return scope.MoveToOuter(X.index_select(0, which));
    }

    /// <summary>One line; a collapse of the weights is said.</summary>
    public override string ToString() =>
        $"log Z {LogNormalizer:f4} +- {LogNormalizerError:f4}, effective sample size {EffectiveSampleSize:f0} of "
        + $"{LogWeights.size(0)}"
        + (IsReliable ? "" : $"; the weights collapsed (tail shape {TailShape:f2}, above 0.7): do not trust this");
}
