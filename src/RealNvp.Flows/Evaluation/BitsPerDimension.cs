using RealNvp.Flows.Data;
using RealNvp.Flows.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Evaluation;

/// <summary>
/// Bits for each dimension of whole-number data, with the uncertainty that a finite test set leaves. Lower is better.
/// </summary>
/// <param name="Mean">Mean over events of -log2 p(x) / D, from K draws of the dequantisation noise for each event.</param>
/// <param name="StandardError">Standard deviation over events, over sqrt(N).</param>
/// <param name="Count">N.</param>
/// <param name="Draws">K.</param>
public sealed record BitsPerDimension(double Mean, double StandardError, long Count, int Draws)
{
    /// <summary>The ends of the 95 % confidence interval.</summary>
    public (double Low, double High) Interval => (Mean - 1.959964 * StandardError, Mean + 1.959964 * StandardError);

    /// <summary>
    /// Both bounds of a density on [0, 1) for data x in {0 .. levels - 1}, with u_k uniform and y_k = (x + u_k) / levels.
    /// Average: -1/(K D) sum_k log2 p(y_k) + log2 levels, whose mean does not depend on K (Theis, van den Oord, Bethge 2016,
    /// arXiv:1511.01844, equation 6). Importance: -1/D log2 (1/K sum_k p(y_k)) + log2 levels, which falls towards -1/D log2 P(x)
    /// as K grows and is never above the average (Burda, Grosse, Salakhutdinov 2016, arXiv:1509.00519, theorem 1).
    /// </summary>
    /// <param name="density">The model.</param>
    /// <param name="x">Whole numbers [N, ...event], N at least 2.</param>
    /// <param name="levels">Their number.</param>
    /// <param name="draws">K, noise draws for each event.</param>
    /// <param name="batchSize">Events at a time.</param>
    /// <param name="seed">Of the noise.</param>
    /// <param name="context">One context for each event; only for conditional models.</param>
    /// <exception cref="ArgumentException">There are fewer than two events, a value is not one of the levels, or the context does
    /// not fit.</exception>
    public static (BitsPerDimension Average, BitsPerDimension Importance) Of(
        Distribution density, Tensor x, int levels = 256, int draws = 1, int batchSize = 500, long seed = 0,
        Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(density);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(draws);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        var n = x.size(0);
        if (n < 2) throw new ArgumentException($"A standard error needs at least 2 events, but was given {n}.", nameof(x));
        Dequantize.Require(x, levels, nameof(x));
        Shapes.RequireContext(density.GetName(), context, density.ContextSize, n);
        using var guard = torch.no_grad();
        using var mode = EvaluationMode.Of(density);
        using var scope = NewDisposeScope();
        using var noise = new Generator(0, x.device);
        noise.manual_seed(seed);
        var (averages, importances) = (new List<Tensor>(), new List<Tensor>());
        for (var at = 0L; at < n; at += batchSize)
        {
            using var inner = NewDisposeScope();
            var count = Math.Min(batchSize, n - at);
            var (part, given) = (x.narrow(0, at, count), context?.narrow(0, at, count));
            var log = torch.stack(Enumerable.Range(0, draws)
                .Select(_ => density.LogProb(Dequantize.Fast(part, levels, noise), given).to(torch.float64)));
            averages.Add(log.mean([0]).MoveToOuterDisposeScope());
            importances.Add((log.logsumexp(0) - Math.Log(draws)).MoveToOuterDisposeScope());
        }
        return (Estimate(averages), Estimate(importances));

        BitsPerDimension Estimate(List<Tensor> logs)
        {
            var bits = torch.cat(logs, 0) * (-1 / (density.Dimension * Math.Log(2))) + Math.Log2(levels);
            return new(bits.mean().ToDouble(), bits.std().ToDouble() / Math.Sqrt(n), n, draws);
        }
    }

    /// <summary>Mean, standard error, and from how much.</summary>
    public override string ToString() =>
        $"{Mean:f4} +- {StandardError:f4} bits/dim (standard error; {Count:n0} events, {Draws} noise draws each)";
}
