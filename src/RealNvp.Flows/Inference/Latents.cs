using RealNvp.Flows.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace RealNvp.Flows.Inference;

/// <summary>What the latents of a flow are good for: paths between events, and samples nearer to the mode.</summary>
/// <example>
/// <code>
/// var flow = Architectures.RealNvp2D();
/// var path = Latents.Interpolate(flow, randn(2), randn(2), steps: 5);
/// Console.WriteLine(path.shape[0]);
/// // prints 5
/// </code>
/// </example>
public static partial class Latents
{
    /// <summary>
    /// Events on the way from a to b: their latents are joined on the great circle, z = sin((1 - t) w) / sin(w) z_a + sin(t w) /
    /// sin(w) z_b with w the angle between them, so that the path keeps the length that a normal's latents have (Shoemake 1985;
    /// White 2016).
    /// </summary>
    /// <param name="flow">The flow.</param>
    /// <param name="a">One event, of the flow's event shape.</param>
    /// <param name="b">Another.</param>
    /// <param name="steps">Events on the path, both ends included; at least 2.</param>
    /// <param name="context">One context [1, ContextSize] for the whole path; only for conditional flows.</param>
    /// <returns>[steps, ...event], without gradients; the first and the last are a and b up to rounding.</returns>
    public static Tensor Interpolate(Flow flow, Tensor a, Tensor b, int steps, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 2);
        using var guard = torch.no_grad();
        using var mode = EvaluationMode.Of(flow);
        using var scope = NewDisposeScope();
        Shapes.RequireContext(flow.GetName(), context, flow.ContextSize, 1);
        Tensor? Given(int n) => context?.expand(n, context.size(1)).For(flow.Bijection.ContextSize);
        var z = flow.Bijection.Forward(torch.stack([a, b]), Given(2)).Z;
        var flat = z.flatten(1);
        var (from, to) = (flat[0], flat[1]);
        var cosine = (from.dot(to) / (from.norm() * to.norm()).clamp_min(1e-12)).clamp(-1, 1).ToDouble();
        var angle = Math.Acos(cosine);
        var path = Enumerable.Range(0, steps).Select(k =>
        {
            var t = (double)k / (steps - 1);
            // Where the directions agree (or oppose) the circle is not determined, and the straight line takes its place.
            return Math.Sin(angle) < 1e-6
                ? from * (1 - t) + to * t
                : from * (Math.Sin((1 - t) * angle) / Math.Sin(angle)) + to * (Math.Sin(t * angle) / Math.Sin(angle));
        });
        return scope.MoveToOuter(flow.Bijection.Inverse(torch.stack(path).view([steps, .. z.shape[1..]]), Given(steps)).X);
    }

    /// <summary>
    /// Samples whose latents are drawn from the base and multiplied by a temperature: below 1, nearer to the middle and less
    /// varied (Kingma, Dhariwal 2018, arXiv:1807.03039, section 6).
    /// </summary>
    /// <param name="flow">A flow whose base is centred at 0.</param>
    /// <param name="n">How many.</param>
    /// <param name="temperature">The factor, at least 0; 1 samples the flow itself.</param>
    /// <param name="generator">Source of randomness; null is torch's global one.</param>
    /// <param name="context">One context for each event, [n, ContextSize]; only for conditional flows.</param>
    /// <returns>[n, ...event], without gradients.</returns>
    public static Tensor SampleAt(Flow flow, long n, double temperature, Generator? generator = null, Tensor? context = null)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentOutOfRangeException.ThrowIfNegative(temperature);
        using var guard = torch.no_grad();
        using var mode = EvaluationMode.Of(flow);
        using var scope = NewDisposeScope();
        Shapes.RequireContext(flow.GetName(), context, flow.ContextSize, n);
        return scope.MoveToOuter(
            flow.Bijection.Inverse(flow.Base.Sample(n, context.For(flow.Base.ContextSize), generator) * temperature,
            context.For(flow.Bijection.ContextSize)).X);
    }
}
