using RealNvp.Flows.Bijections;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Evaluation;

/// <summary>How far events come back from where they went, |x - f^-1(f(x))|, in the data's units.</summary>
/// <example>
/// <code>
/// var error = InverseError.Of(Architectures.RealNvp2D().Bijection, randn(100, 2));
/// Console.WriteLine(error.Largest &lt; 1e-3);
/// // prints True
/// </code>
/// </example>
/// <param name="Largest">Over all numbers of all events; not a number where one came back as none.</param>
/// <param name="Mean">Over all numbers of all events.</param>
/// <param name="Worst">The event with the largest error, from 0.</param>
/// <param name="Count">Events.</param>
public sealed record InverseError(double Largest, double Mean, long Worst, long Count)
{
    /// <summary>Of a bijection on data, so many events at a time.</summary>
    /// <exception cref="ArgumentException">There are no events, they have another shape, or a value is not finite; row and column
    /// are named.</exception>
    public static InverseError Of(Bijection bijection, Tensor x, Tensor? context = null, int batchSize = 500)
    {
        ArgumentNullException.ThrowIfNull(bijection);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        var n = x.size(0);
        if (n == 0) throw new ArgumentException("An inverse error needs at least one event.", nameof(x));
        Data.Finite.Require(x, nameof(x));
        using var guard = torch.no_grad();
        using var mode = EvaluationMode.Of(bijection);
        using var scope = NewDisposeScope();
        var errors = new List<Tensor>();
        for (var at = 0L; at < n; at += batchSize)
        {
            using var inner = NewDisposeScope();
            var (count, part) = (Math.Min(batchSize, n - at), x.narrow(0, at, Math.Min(batchSize, n - at)));
            var given = context?.narrow(0, at, count);
            var back = bijection.Inverse(bijection.Forward(part, given).Z, given).X;
            errors.Add((back - part).abs().flatten(1).to(torch.float64).MoveToOuterDisposeScope());
        }
        var all = torch.cat(errors, 0);
        var each = all.amax([1L]);
        return new(each.max().ToDouble(), all.mean().ToDouble(), each.argmax().ToInt64(), n);
    }
}
