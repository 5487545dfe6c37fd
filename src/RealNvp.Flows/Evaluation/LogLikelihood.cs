using RealNvp.Flows.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Evaluation;

/// <summary>A mean log-likelihood with the uncertainty that a finite sample leaves.</summary>
/// <example>
/// <code>
/// var score = LogLikelihood.Of(new StandardNormal(2), randn(10_000, 2));
/// Console.WriteLine(Math.Abs(score.Mean + Math.Log(2 * Math.PI) + 1) &lt; 5 * score.StandardError);
/// // prints True
/// </code>
/// </example>
/// <param name="Mean">Mean of log p(x), in nats.</param>
/// <param name="StandardError">Standard deviation of log p(x) over sqrt(N).</param>
/// <param name="Count">N.</param>
public sealed record LogLikelihood(double Mean, double StandardError, long Count)
{
    /// <summary>The ends of the 95 % confidence interval.</summary>
    public (double Low, double High) Interval => (Mean - 1.959964 * StandardError, Mean + 1.959964 * StandardError);

    /// <summary>Of a density on data [N, ...event], so many events at a time.</summary>
    /// <exception cref="ArgumentException">There are fewer than two events, or a value is not finite; row and column are
    /// named.</exception>
    public static LogLikelihood Of(Distribution density, Tensor x, Tensor? context = null, int batchSize = 8192)
    {
        ArgumentNullException.ThrowIfNull(density);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        var n = x.size(0);
        if (n < 2) throw new ArgumentException($"A confidence interval needs at least 2 events, but was given {n}.", nameof(x));
        Data.Finite.Require(x, nameof(x));
        using var guard = torch.no_grad();
        using var mode = EvaluationMode.Of(density);
        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        for (var at = 0L; at < n; at += batchSize)
        {
            var count = Math.Min(batchSize, n - at);
            parts.Add(density.LogProb(x.narrow(0, at, count), context?.narrow(0, at, count)).to(torch.float64));
        }
        var log = torch.cat(parts, 0);
        return new(log.mean().ToDouble(), log.std().ToDouble() / Math.Sqrt(n), n);
    }

    /// <summary>Mean and half width of the interval.</summary>
    public override string ToString() => $"{Mean:f3} +- {1.959964 * StandardError:f3} nats";
}
